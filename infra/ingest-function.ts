import { Duration, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { tableNames } from '../schema/tables.ts';
import { BundledFunction } from './bundled-function.ts';
import { ingestEnvironment } from './config/function-environment.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import { acknowledge, allowing, grantSecret, ownArn } from './grants.ts';
import type { Network } from './network.ts';

interface IngestFunctionProps {
  readonly config: PipelineSettings;
  readonly network: Network | undefined;
  readonly key: IKey | undefined;
}

/** The function that writes the events, with its grants at the database. */
export class IngestFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { config, network, key }: IngestFunctionProps) {
    const { memory, timeoutSeconds, ...rest } = config.function;
    super(scope, id, {
      folder: 'ingest',
      description: 'Writes user events from Kafka to Cassandra',
      memory,
      timeout: Duration.seconds(timeoutSeconds),
      environment: ingestEnvironment(config, Stack.of(scope).region),
      ...rest,
      network,
      key,
    });
    const { sink } = config;
    if (sink.login !== undefined) grantSecret(this.role, sink.login);
    // A Keyspaces login belongs to an IAM user, who has grants of their own.
    if (sink.kind === 'keyspaces' && sink.login === undefined) {
      grantTables(this, this.role, sink.keyspace);
      if (config.network?.endpoints.keyspaces) grantPeers(this.role);
    }
  }
}

/** Grants access to the tables: https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html */
const grantTables = (scope: Construct, role: Role, keyspace: string): void => {
  const allow = allowing(role);
  for (const table of tableNames)
    allow(
      ['cassandra:Select', 'cassandra:Modify'],
      ownArn(scope, 'cassandra', `/keyspace/${keyspace}/table/${table}`),
    );
  // A driver reads the system tables when it connects.
  const system = ownArn(scope, 'cassandra', '/keyspace/system*');
  allow(['cassandra:Select'], system);
  acknowledge(
    role,
    system,
    'AWS asks for all of the system keyspaces, whose tables drivers choose.',
  );
};

/**
 * Grants the EC2 actions that fill system.peers behind a VPC endpoint; without them all requests go over one connection.
 * https://docs.aws.amazon.com/keyspaces/latest/devguide/vpc-endpoints.html
 */
const grantPeers = (role: Role): void => {
  allowing(role)(['ec2:DescribeNetworkInterfaces', 'ec2:DescribeVpcEndpoints'], '*');
  acknowledge(role, '*', 'The Describe actions of EC2 know no resources.');
};
