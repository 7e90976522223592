import { Aws } from 'aws-cdk-lib';
import { environmentBytes, mostEnvironmentBytes } from '../../environment-size.ts';
import { processEnvironment } from '../../node-environment.ts';
import { operateEnvironment } from '../function-environment.ts';
import { isToken } from '../tokens.ts';
import type { Guard } from './guard.ts';

/** Refuses brokers that only the deploy knows: they stand in a variable as JSON, and their ports in a security group. */
export const knownBrokers: Guard = {
  needs: ['source', 'operate'],
  find: ({ source, operate }) => [
    operate &&
      source.kind === 'self-managed' &&
      source.bootstrapServers.some(isToken) && [
        'operate',
        'must be false where source.bootstrapServers is known only at the deploy (given true)',
      ],
  ],
};

/** The longest name of a bucket. */
const bucketName = 'x'.repeat(63);

/** Refuses variables of the function that runs operations which Lambda would refuse at the deploy. */
export const operateVariablesSize: Guard = {
  needs: [
    ...(['name', 'sink', 'consumerGroup', 'environment', 'schemaRegistry', 'mapping'] as const),
    ...(['source', 'topic', 'operate'] as const),
  ],
  find: (config) => {
    if (!config.operate) return [];
    let bytes = 0;
    try {
      const variables = operateEnvironment(config, config.region ?? Aws.REGION, bucketName);
      bytes = environmentBytes(processEnvironment(variables));
    } catch {
      // A CA's file that cannot be read has been reported (variables.ts).
    }
    return [
      bytes > mostEnvironmentBytes && [
        'operate',
        `must be false, or the variables shorter: those of its function also name the brokers, and Lambda takes ${mostEnvironmentBytes.toLocaleString('en')} ` +
          `bytes for all variables together (given true, and ${bytes} bytes)`,
      ],
    ];
  },
};
