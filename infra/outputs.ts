import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { tableNames } from '../schema/tables.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import type { OutputName } from './output-names.ts';
import { commitOf, version } from './release.ts';

/** The names that the runbooks ask for: those that CloudFormation gives, and those of the stage. */
export interface StackNames {
  readonly functionName: string;
  readonly logGroupName: string;
  readonly mappingId: string;
  /** The dashboard's name; null without a dashboard. */
  readonly dashboardName: string | null;
  /** The bucket's name, the queue's address, or `kafka://<topic>`; null without an on-failure destination. */
  readonly onFailure: string | null;
  /** The function that runs operations, and the bucket of their files; null where the pipeline has none. */
  readonly operate: { readonly functionName: string; readonly bucketName: string } | null;
}

/** Writes a pipeline's outputs. The commands of docs/operations.md read them by `aws cloudformation describe-stacks`. */
export const outputs = (scope: Construct, names: StackNames, { sink }: PipelineSettings): void => {
  const output = (id: OutputName, description: string, value: string): void => {
    new CfnOutput(scope, id, { description, value });
  };
  output('FunctionName', 'The function that writes events', names.functionName);
  output('LogGroupName', 'The log group of the function and its mapping', names.logGroupName);
  output('MappingId', 'The UUID of the event source mapping', names.mappingId);
  if (names.dashboardName !== null)
    output('DashboardName', 'The CloudWatch dashboard', names.dashboardName);
  if (names.onFailure !== null)
    output('OnFailureDestination', 'Where batches go whose retries have ended', names.onFailure);
  output(
    'TableNames',
    `The tables in ${sink.kind === 'keyspaces' ? 'Amazon Keyspaces' : 'Cassandra'}`,
    tableNames.map((table) => `${sink.keyspace}.${table}`).join(','),
  );
  if (names.operate !== null) {
    output('OperateFunctionName', 'The function that runs operations', names.operate.functionName);
    output('OperateBucketName', 'The bucket of their files', names.operate.bucketName);
  }
  output('Version', 'The version and the commit that were deployed', `${version} (${commitOf()})`);
};
