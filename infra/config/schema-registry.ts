import type * as z from 'zod';
import { keyArn, oneKindOf, oneOf, secretArn, settings, text } from './rules.ts';

/** Records that do not validate never reach the function: they go to the on-failure destination. */
const validate = oneOf(
  'have the mapping validate values, and deliver them as JSON, or as they were produced without the registry’s header (SOURCE)',
  ['JSON', 'SOURCE'],
).optional();

const glue = settings({
  kind: oneOf('the schema registry of AWS Glue', ['glue']),
  registryArn: text(
    'the registry, in the stack’s account and region',
    'a Glue registry’s ARN',
    /^arn:aws[a-z-]*:glue:[a-z0-9-]+:\d{12}:registry\/[A-Za-z0-9_$#.-]+$/,
  ),
  validate,
});

/**
 * Accepts an address that Lambda takes (https://docs.aws.amazon.com/lambda/latest/api/API_KafkaSchemaRegistryConfig.html), except one with
 * a login in it.
 */
const registryAddress = {
  test: (given: string): boolean =>
    /^https:\/\/[A-Za-z0-9][A-Za-z0-9/*:_+=.-]{0,9990}$/.test(given) && URL.canParse(given),
};

const confluent = {
  kind: oneOf('a registry with Confluent’s API', ['confluent']),
  url: text(
    'the address of the registry',
    'an https address without a login in it, of at most 10,000 letters, digits and -/*:_+=.',
    registryAddress,
  ),
  caSecretArn: secretArn(
    'the secret `{"certificate":…}` of the authority that signed the registry’s certificate, if it is not a public one; for validate alone',
  ).optional(),
  secretKeyArn: keyArn(
    'the key that the registry’s secrets are encrypted with, for the mapping and the function, if it is not AWS’s own',
  ).optional(),
  validate,
};

/**
 * The registry of the schemas that values were written with. The mapping asks it if `validate` is given; the function asks it, with the
 * address and login given here, if `environment.SCHEMA_REGISTRY` names the same kind.
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
