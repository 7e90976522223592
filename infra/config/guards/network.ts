import { registryEnvironment } from '../registry-environment.ts';
import type { Finding, Guard } from './guard.ts';

export const inVpc: Guard = {
  needs: ['network', 'sink', 'source', 'environment', 'schemaRegistry', 'region'],
  find: ({ network, sink, source, environment, schemaRegistry, region }) => {
    if (network === undefined) return [];
    const { endpoints, database, subnetIds, availabilityZones } = network;
    const nodes = [database.securityGroupId, database.cidr].filter((one) => one !== undefined);
    return [
      source.kind === 'demo' && ['network', 'must not be given in a demo, which makes its own'],
      subnetIds.length !== availabilityZones.length && [
        'network.subnetIds',
        `must be as many as network.availabilityZones (given ${subnetIds.length} and ${availabilityZones.length})`,
      ],
      ...availabilityZones.map(
        (zone, index): Finding | false =>
          region !== undefined &&
          // A zone is its region and a letter; a local zone has its place between them.
          !new RegExp(`^${region}(-[a-z0-9-]+)?[a-z]$`).test(zone) && [
            `network.availabilityZones.${index}`,
            `must be a zone of the stack’s region, like ${region}a (given "${zone}")`,
          ],
      ),
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
