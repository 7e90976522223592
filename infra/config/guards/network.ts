import { registryEnvironment } from '../registry-environment.ts';
import type { Guard } from './guard.ts';

export const inVpc: Guard = {
  needs: ['network', 'sink', 'environment', 'schemaRegistry'],
  find: ({ network, sink, environment, schemaRegistry }) => {
    if (network === undefined) return [];
    const { endpoints, database } = network;
    const nodes = [database.securityGroupId, database.cidr].filter((one) => one !== undefined);
    return [
      sink.kind === 'cassandra' &&
        nodes.length !== 1 && [
          'network.database',
          `must name either securityGroupId or cidr: the function’s group is opened to nothing else (given ${nodes.length} of them)`,
        ],
      sink.kind === 'keyspaces' &&
        nodes.length > 0 && [
          'network.database',
          'must not be given for Keyspaces: it would do nothing',
        ],
      sink.kind === 'cassandra' &&
        endpoints.keyspaces && [
          'network.endpoints.keyspaces',
          'must be false for Cassandra (given true)',
        ],
      sink.login === undefined &&
        !registryEnvironment({ environment, schemaRegistry }).SCHEMA_REGISTRY_SECRET_ARN &&
        endpoints.secretsManager && [
          'network.endpoints.secretsManager',
          'must be false without sink.login and environment.SCHEMA_REGISTRY_SECRET_ARN: the function reads no secret ' +
            '(given true)',
        ],
    ];
  },
};
