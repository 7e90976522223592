import type * as z from 'zod';
import { oneKindOf, oneOf, secretArn, settings, text } from './rules.ts';

/** What does not validate never reaches the function: it goes to the on-failure destination. */
const validate = oneOf(
  'whether the mapping itself validates values, and hands them over turned into JSON, or as they were without the ' +
    'registry’s header',
  ['JSON', 'SOURCE'],
).optional();

const glue = settings({
  kind: oneOf('AWS Glue’s', ['glue']),
  registryArn: text(
    'the registry, in the stack’s account and region',
    'a Glue registry’s ARN',
    /^arn:aws[a-z-]*:glue:[a-z0-9-]+:\d{12}:registry\/[A-Za-z0-9_$#.-]+$/,
  ),
  validate,
});

const confluent = {
  kind: oneOf('one with Confluent’s API', ['confluent']),
  url: text('where it is', 'an https address without a login in it', /^https:\/\/[^\s@?#]+$/),
  caSecretArn: secretArn(
    'the secret `{"certificate":…}` of the authority that signed its certificate, if not a public one',
  ).optional(),
  validate,
};

/** Where the schemas of the topic's values are. The function's own settings (SCHEMA_REGISTRY) say whether it asks there too. */
export const schemaRegistry = oneKindOf(
  'kind',
  ['glue', 'confluent'],
  [
    glue,
    oneKindOf(
      'auth',
      ['none', 'basic', 'mtls'],
      [
        settings({ ...confluent, auth: oneOf('no login', ['none']) }),
        settings({
          ...confluent,
          auth: oneOf('how the mapping logs in', ['basic', 'mtls']),
          secretArn: secretArn(
            'the secret `{"username":…,"password":…}` for basic, `{"certificate":…,"privateKey":…}` for mtls',
          ),
        }),
      ],
    ),
  ],
);

export type SchemaRegistry = z.output<typeof schemaRegistry>;
