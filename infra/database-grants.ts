import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PipelineSettings } from './config/pipeline.ts';
import { acknowledge, allowing, grantSecret, ownArn } from './grants.ts';

/** Grants a function's role its access to the database: the login, or the tables that it reads and writes. */
export const grantDatabase = (
  scope: Construct,
  role: Role,
  { sink, network }: Pick<PipelineSettings, 'sink' | 'network'>,
  tables: readonly string[],
): void => {
  if (sink.login !== undefined) grantSecret(role, sink.login);
  // A Keyspaces login belongs to an IAM user, who has grants of their own.
  if (sink.kind === 'keyspaces' && sink.login === undefined) {
    grantTables(scope, role, sink.keyspace, tables);
    if (network?.endpoints.keyspaces) grantPeers(role);
  }
};

/** Grants access to the tables: https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html */
const grantTables = (
  scope: Construct,
  role: Role,
  keyspace: string,
  tables: readonly string[],
): void => {
  const allow = allowing(role);
  for (const table of tables)
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
