import type { PipelineSettings } from '../pipeline.ts';
import { functionAsks, registryEnvironment } from '../registry-environment.ts';
import { isSecretArn, wholeSecretArn } from '../rules.ts';
import { isToken } from '../tokens.ts';
import type { Finding, Guard } from './guard.ts';

type Given = Pick<PipelineSettings, 'environment' | 'schemaRegistry'>;

/** Finds settings of a Confluent `schemaRegistry` that nothing would read. */
const unread = ({ environment, schemaRegistry }: Given): readonly (Finding | false)[] => {
  if (schemaRegistry?.kind !== 'confluent' || environment.SCHEMA_REGISTRY === 'glue') return [];
  const { validate } = schemaRegistry;
  const asked = functionAsks({ environment, schemaRegistry });
  if (validate === undefined && !asked)
    return [
      [
        'schemaRegistry',
        'must be used or left out: give schemaRegistry.validate, and the event source mapping asks the registry, or ' +
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

/** Refuses settings of the schema registry that do not fit those of the mapping and the function, or that nothing reads. */
export const registry: Guard = {
  needs: ['environment', 'schemaRegistry', 'onFailure'],
  find: ({ environment, schemaRegistry, onFailure }) => {
    const secret = environment.SCHEMA_REGISTRY_SECRET_ARN;
    return [
      // https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html
      schemaRegistry?.validate !== undefined &&
        onFailure.kind === 'none' && [
          'schemaRegistry.validate',
          'must not be given with onFailure none: AWS drops records that do not validate without a word ' +
            `(given "${schemaRegistry.validate}")`,
        ],
      environment.SCHEMA_REGISTRY === 'glue' &&
        schemaRegistry?.kind !== 'glue' && [
          'schemaRegistry.kind',
          'must be glue if environment.SCHEMA_REGISTRY is glue, so that the role may read the registry ' +
            `(${schemaRegistry === undefined ? 'not given' : `given "${schemaRegistry.kind}"`})`,
        ],
      secret !== undefined &&
        secret !== '' &&
        !isToken(secret) &&
        !isSecretArn(secret) && [
          'environment.SCHEMA_REGISTRY_SECRET_ARN',
          `must be ${wholeSecretArn}: a role cannot be granted a name alone (given "${secret}")`,
        ],
      ...unread({ environment, schemaRegistry }),
    ];
  },
};
