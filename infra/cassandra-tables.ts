import { createHash } from 'node:crypto';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { functionEnvironment } from './config/function-environment.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import type { CassandraSink } from './config/sink.ts';
import { grantSecret } from './grants.ts';
import type { Network } from './network.ts';
import { resourceProvider } from './resource-provider.ts';

export interface CassandraTablesProps {
  readonly config: PipelineSettings;
  readonly sink: CassandraSink;
  /** The CREATE TABLE statements of `schema/tables.ts`. */
  readonly statements: readonly string[];
  readonly network: Network | undefined;
  readonly key: IKey | undefined;
}

/**
 * The tables on a self-managed Cassandra. A function runs at each deploy that changes them: it creates missing tables, and
 * fails the deploy if an existing table differs. The tables outlive the stack. In a rollback the function is only asked to
 * delete, which it ignores, so that it fails no rollback.
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
      // Other nodes may be another cluster, without the tables. The function itself gets the nodes as variables.
      Cluster: [sink.localDataCenter, ...sink.contactPoints],
    };
    // Another definition is another resource: CloudFormation creates it and deletes the one before, and a rollback deletes it again.
    // With an update, a rollback would ask for the earlier definition, which a person may have altered the tables away from.
    const resource = new CustomResource(this, `Tables${hashOf(properties)}`, {
      serviceToken: resourceProvider(this, migrate, { logRetentionDays, key }).serviceToken,
      resourceType: 'Custom::CassandraTables',
      properties,
    });
    // The function runs as soon as this resource is created: by then its security group must be open to the nodes and the secret.
    if (network !== undefined) resource.node.addDependency(network);
  }
}

const hashOf = (properties: object): string =>
  createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 8);
