import { createHash } from 'node:crypto';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { functionEnvironment } from './config/function-environment.ts';
import type { CassandraSink } from './config/sink.ts';
import type { DeployConfig } from './config/stage.ts';
import { grantSecret } from './grants.ts';
import type { Network } from './network.ts';
import { resourceProvider } from './resource-provider.ts';

export interface CassandraTablesProps {
  readonly config: DeployConfig;
  readonly sink: CassandraSink;
  /** The statements of `schema/tables.ts`. */
  readonly statements: readonly string[];
  readonly network: Network | undefined;
  readonly key: IKey | undefined;
}

/**
 * The tables on a Cassandra of one's own, by a function that runs at each deploy which changes them: it makes those that
 * are missing, and fails the deploy where one is there and is another. Whatever becomes of the stack, they stay. A rollback
 * asks it for nothing but to delete, which it does not do, so that none fails by it.
 */
export class CassandraTables extends Construct {
  constructor(scope: Construct, id: string, props: CassandraTablesProps) {
    super(scope, id);
    const { config, sink, statements, network, key } = props;
    const { logRetentionDays } = config.function;
    const migrate = new BundledFunction(this, 'Migrate', {
      folder: 'migrate',
      description: 'Makes or checks the tables of user events in Cassandra',
      memory: 256,
      timeout: Duration.minutes(2),
      environment: { ...functionEnvironment(config, Stack.of(this).region) },
      logRetentionDays,
      network,
      key,
    });
    if (sink.login !== undefined) grantSecret(migrate.role, sink.login);

    const properties = {
      Keyspace: sink.keyspace,
      ...(sink.tables.replication === undefined ? {} : { Replication: sink.tables.replication }),
      Tables: statements,
      // Not read by the function, which has them as variables: other nodes may be another cluster, without the tables.
      Cluster: [sink.localDataCenter, ...sink.contactPoints],
    };
    // Another definition is another resource: CloudFormation creates it and deletes the one before, and a rollback deletes it again.
    // An update would ask a rollback for the definition before, which a person may have altered the tables away from.
    const resource = new CustomResource(this, `Tables${hashOf(properties)}`, {
      serviceToken: resourceProvider(this, migrate, { logRetentionDays, key }).serviceToken,
      resourceType: 'Custom::CassandraTables',
      properties,
    });
    // The function runs as soon as this resource is made: by then its way to the nodes and to its secret must be open.
    if (network !== undefined) resource.node.addDependency(network);
  }
}

const hashOf = (properties: object): string =>
  createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 8);
