import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from './temporary-folder.ts';

/** The properties of a mapping and a function, over those of a stack that has all that is read. */
interface GivenProperties {
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly function?: Readonly<Record<string, unknown>>;
  readonly others?: Readonly<Record<string, unknown>>;
}

/** Writes what `cdk synth` writes of a stack: the template and the code of its function. Returns the template's path. */
export const writeTemplate = async (
  t: TestContext,
  given: GivenProperties = {},
): Promise<string> => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'asset.code'));
  await writeFile(
    join(folder, 'asset.code', 'index.mjs'),
    'export const handler = async () => ({ batchItemFailures: [] });',
  );
  const path = join(folder, 'Orders.template.json');
  const template = {
    Resources: {
      Consumer: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Timeout: 60,
          MemorySize: 512,
          Environment: { Variables: { MODE: 'fast', TABLE: { Ref: 'Table' } } },
          ...given.function,
        },
        Metadata: { 'aws:asset:path': 'asset.code' },
      },
      Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Consumer' } } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Live' },
          EventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1',
          Topics: ['orders'],
          AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'orders-to-db' },
          BatchSize: 500,
          MaximumBatchingWindowInSeconds: 2,
          StartingPosition: 'LATEST',
          MaximumRetryAttempts: 5,
          MaximumRecordAgeInSeconds: 3600,
          BisectBatchOnFunctionError: true,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ProvisionedPollerConfig: { MinimumPollers: 1 },
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Failed', 'Arn'] } } },
          ...given.mapping,
        },
      },
      ...given.others,
    },
  };
  await writeFile(path, JSON.stringify(template));
  return path;
};
