import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { tableNames } from '../schema/tables.ts';
import type { DeployConfig } from './config/stage.ts';
import { commitOf, version } from './release.ts';

/** The names that the runbooks ask for: those that CloudFormation gives, and those of the stage. */
export interface StackNames {
  readonly functionName: string;
  readonly logGroupName: string;
  readonly mappingId: string;
  readonly dashboardName: string;
  /** The bucket's name, the queue's address, or `kafka://<topic>`; null without an on-failure destination. */
  readonly onFailure: string | null;
}

/** Writes the stack's outputs. The commands of docs/operations.md read them by `aws cloudformation describe-stacks`. */
export const outputs = (stack: Construct, names: StackNames, { sink }: DeployConfig): void => {
  const output = (id: string, description: string, value: string): void => {
    new CfnOutput(stack, id, { description, value });
  };
  output('FunctionName', 'The function that writes events', names.functionName);
  output('LogGroupName', 'The log group of the function and its mapping', names.logGroupName);
  output('MappingId', 'The UUID of the event source mapping', names.mappingId);
  output('DashboardName', 'The CloudWatch dashboard', names.dashboardName);
  if (names.onFailure !== null)
    output('OnFailureDestination', 'Where batches go whose retries have ended', names.onFailure);
  output(
    'TableNames',
    `The tables in ${sink.kind === 'keyspaces' ? 'Amazon Keyspaces' : 'Cassandra'}`,
    tableNames.map((table) => `${sink.keyspace}.${table}`).join(','),
  );
  output('Version', 'The version and the commit that were deployed', `${version} (${commitOf()})`);
};
