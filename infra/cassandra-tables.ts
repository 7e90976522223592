import { createHash } from 'node:crypto';
import { CustomResource, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { functionEnvironment } from './config/environment.ts';
import type { CassandraSink } from './config/sink.ts';
import type { DeployConfig } from './config.ts';
import { acknowledge, grantSecret } from './grants.ts';
import type { Network } from './network.ts';

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
 * CDK's framework answers CloudFormation, also for a function that dies: without an answer a deploy hangs for an hour.
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

    const logGroup = new LogGroup(this, 'ProviderLog', {
      retention: logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(key === undefined ? {} : { encryptionKey: key }),
    });
    const role = new Role(this, 'ProviderRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    const provider = new Provider(this, 'Provider', {
      onEventHandler: migrate.function,
      frameworkOnEventRole: role,
      logGroup,
    });
    acknowledge(
      role,
      `${migrate.function.functionArn}:*`,
      'CDK’s framework invokes one function, in any version.',
    );
    Validations.of(provider).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'CDK’s framework chooses its own runtime.',
    });
    const properties = {
      Keyspace: sink.keyspace,
      ...(sink.tables.replication === undefined ? {} : { Replication: sink.tables.replication }),
      Tables: statements,
      // Not read by the function, which has them as variables: other nodes may be another cluster, without the tables.
      Cluster: [sink.localDataCenter, ...sink.contactPoints],
    };
    // Another definition is another resource: CloudFormation creates it and deletes the one before, and a rollback deletes it again.
    // An update would ask a rollback for the definition before, which a person may have altered the tables away from.
    new CustomResource(this, `Tables${hashOf(properties)}`, {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::CassandraTables',
      properties,
    });
  }
}

const hashOf = (properties: object): string =>
  createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 8);
