import type * as z from 'zod';
import { keyArn, oneKindOf, oneOf, secretArn, settings, text } from './rules.ts';

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

/** https://docs.aws.amazon.com/lambda/latest/api/API_KafkaSchemaRegistryConfig.html, less the @ of a login; and an address that is one. */
const registryAddress = {
  test: (given: string): boolean =>
    /^https:\/\/[A-Za-z0-9][A-Za-z0-9/*:_+=.-]{0,9990}$/.test(given) && URL.canParse(given),
};

const confluent = {
  kind: oneOf('one with Confluent’s API', ['confluent']),
  url: text(
    'where it is',
    'an https address without a login in it, of at most 10,000 letters, digits and -/*:_+=.',
    registryAddress,
  ),
  caSecretArn: secretArn(
    'the secret `{"certificate":…}` of the authority that signed its certificate, if not a public one; for validate',
  ).optional(),
  secretKeyArn: keyArn(
    'the key that the registry’s secrets are encrypted with, the function’s too, if it is not AWS’s own',
  ).optional(),
  validate,
};

/**
 * Where the schemas of the topic's values are. The mapping asks there where `validate` is given, the function where
 * `environment.SCHEMA_REGISTRY` has the same kind; address and login are then those given here.
 */
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
          auth: oneOf('how the mapping and the function log in', ['basic', 'mtls']),
          secretArn: secretArn(
            'the secret `{"username":…,"password":…}` for basic, `{"certificate":…,"privateKey":…}` for mtls',
          ),
        }),
      ],
    ),
  ],
);

export type SchemaRegistry = z.output<typeof schemaRegistry>;
