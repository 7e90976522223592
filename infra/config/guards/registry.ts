import { functionAsks, registryEnvironment } from '../registry-environment.ts';
import { isSecretArn, wholeSecretArn } from '../rules.ts';
import type { DeployConfig } from '../stage.ts';
import type { Finding, Guard } from './guard.ts';

type Given = Pick<DeployConfig, 'environment' | 'schemaRegistry'>;

/** Settings of a Confluent `schemaRegistry` that nothing would read. */
const unread = ({ environment, schemaRegistry }: Given): readonly (Finding | false)[] => {
  if (schemaRegistry?.kind !== 'confluent' || environment.SCHEMA_REGISTRY === 'glue') return [];
  const { validate } = schemaRegistry;
  const asked = functionAsks({ environment, schemaRegistry });
  if (validate === undefined && !asked)
    return [
      [
        'schemaRegistry',
        'must be asked by somebody, or be left out: give schemaRegistry.validate, and the event source mapping asks it, or ' +
          'environment.SCHEMA_REGISTRY "confluent" without another SCHEMA_REGISTRY_URL, and the function does (given neither)',
      ],
    ];
  const secrets = [
    'secretArn' in schemaRegistry ? schemaRegistry.secretArn : undefined,
    schemaRegistry.caSecretArn,
    registryEnvironment({ environment, schemaRegistry }).SCHEMA_REGISTRY_SECRET_ARN,
  ];
  return [
    schemaRegistry.caSecretArn !== undefined &&
      validate === undefined && [
        'schemaRegistry.caSecretArn',
        'must not be given without schemaRegistry.validate: only the mapping reads it, and the function takes the authority ' +
          `from environment.SCHEMA_REGISTRY_CA (given "${schemaRegistry.caSecretArn}")`,
      ],
    schemaRegistry.secretKeyArn !== undefined &&
      !secrets.some(Boolean) && [
        'schemaRegistry.secretKeyArn',
        `must not be given without a secret: it would do nothing (given "${schemaRegistry.secretKeyArn}")`,
      ],
  ];
};

/** What the settings of the schema registry, of the mapping and of the function ask of each other. */
export const registry: Guard = {
  needs: ['environment', 'schemaRegistry', 'onFailure'],
  find: ({ environment, schemaRegistry, onFailure }) => {
    const secret = environment.SCHEMA_REGISTRY_SECRET_ARN;
    return [
      // https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html
      schemaRegistry?.validate !== undefined &&
        onFailure.kind === 'none' && [
          'schemaRegistry.validate',
          'must not be given with onFailure none: AWS drops what does not validate without a word ' +
            `(given "${schemaRegistry.validate}")`,
        ],
      environment.SCHEMA_REGISTRY === 'glue' &&
        schemaRegistry?.kind !== 'glue' && [
          'schemaRegistry.kind',
          'must be glue where environment.SCHEMA_REGISTRY is, for the grants ' +
            `(${schemaRegistry === undefined ? 'not given' : `given "${schemaRegistry.kind}"`})`,
        ],
      secret !== undefined &&
        secret !== '' &&
        !isSecretArn(secret) && [
          'environment.SCHEMA_REGISTRY_SECRET_ARN',
          `must be ${wholeSecretArn}: a name alone cannot be granted (given "${secret}")`,
        ],
      ...unread({ environment, schemaRegistry }),
    ];
  },
};
