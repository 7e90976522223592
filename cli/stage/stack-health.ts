import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Stack } from '../target/stack.ts';
import type { AlarmHealth, OnFailureHealth, StackHealth } from '../target/stack-health.ts';
import { told } from '../target/told.ts';
import { askAws } from './ask-aws.ts';

/** A stack, by what is asked about it. */
type Asked = Pick<Stack, 'name' | 'region' | 'mappingId' | 'onFailure'>;

/** Asks AWS how a deployed pipeline is. What may not be asked is told in its place, and fails nothing. */
export const stackHealth = async (stack: Asked): Promise<StackHealth> => {
  const [mapping, alarms, lost, onFailure] = await Promise.all([
    told(() => mappingOf(stack)),
    told(() => alarmsOf(stack)),
    told(() => lostOf(stack)),
    told(() => onFailureOf(stack)),
  ]);
  return { mapping, alarms, lost, onFailure };
};

/** Uses a client of AWS, and closes it. */
const withClient = async <Client extends { destroy(): void }, T>(
  client: Client,
  use: (client: Client) => Promise<T>,
): Promise<T> => {
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
};

const mappingOf = ({ region, mappingId }: Asked) =>
  withClient(new LambdaClient({ region }), async (client) => {
    const { State, StateTransitionReason, LastProcessingResult } = await askAws(
      { what: `the event source mapping ${mappingId}`, action: 'lambda:GetEventSourceMapping' },
      () => client.send(new GetEventSourceMappingCommand({ UUID: mappingId })),
    );
    return {
      state: State ?? 'of no known state',
      reason: StateTransitionReason ?? null,
      lastResult: LastProcessingResult ?? null,
    };
  });

/** The most alarms that CloudWatch describes at once. */
const alarmsAtOnce = 100;

const alarmsOf = async (stack: Asked): Promise<AlarmHealth[]> => {
  const names = await alarmNames(stack);
  return withClient(new CloudWatchClient({ region: stack.region }), async (client) => {
    const found: AlarmHealth[] = [];
    for (let first = 0; first < names.length; first += alarmsAtOnce) {
      const { MetricAlarms = [] } = await askAws(
        { what: `the alarms of the stack ${stack.name}`, action: 'cloudwatch:DescribeAlarms' },
        () =>
          client.send(
            new DescribeAlarmsCommand({
              AlarmNames: names.slice(first, first + alarmsAtOnce),
              MaxRecords: alarmsAtOnce,
            }),
          ),
      );
      for (const alarm of MetricAlarms)
        found.push({
          name: alarm.AlarmName ?? '',
          state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
          meaning: alarm.AlarmDescription ?? '',
          since: alarm.StateUpdatedTimestamp ?? null,
        });
    }
    return found;
  });
};

const alarmNames = ({ name, region }: Asked): Promise<string[]> =>
  withClient(new CloudFormationClient({ region }), (client) =>
    askAws(
      { what: `the resources of the stack ${name}`, action: 'cloudformation:ListStackResources' },
      async () => {
        const names: string[] = [];
        for await (const page of paginateListStackResources({ client }, { StackName: name }))
          for (const resource of page.StackResourceSummaries ?? [])
            if (resource.ResourceType === 'AWS::CloudWatch::Alarm')
              names.push(resource.PhysicalResourceId ?? '');
        return names;
      },
    ),
  );

const dayMs = 86_400_000;
const hour = 3_600;

const lostOf = ({ region, mappingId }: Asked) =>
  withClient(new CloudWatchClient({ region }), async (client) => {
    const now = Date.now();
    const query = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: [{ Name: 'EventSourceMappingUUID', Value: mappingId }],
        },
        Period: hour,
        Stat: 'Sum',
      },
    });
    const { MetricDataResults = [] } = await askAws(
      {
        what: `the metrics of the event source mapping ${mappingId}`,
        action: 'cloudwatch:GetMetricData',
      },
      () =>
        client.send(
          new GetMetricDataCommand({
            StartTime: new Date(now - dayMs),
            EndTime: new Date(now),
            MetricDataQueries: [
              query('dropped', 'DroppedEventCount'),
              query('undelivered', 'OnFailureDestinationDeliveryErrorCount'),
            ],
          }),
        ),
    );
    const sumOf = (id: string): number =>
      MetricDataResults.filter(({ Id }) => Id === id)
        .flatMap(({ Values = [] }) => Values)
        .reduce((sum, value) => sum + value, 0);
    return { dropped: sumOf('dropped'), undelivered: sumOf('undelivered') };
  });

const onFailureOf = async (stack: Asked): Promise<OnFailureHealth | null> => {
  const { onFailure } = stack;
  if (onFailure === null || onFailure.startsWith('kafka://')) return null;
  return onFailure.startsWith('https://') || onFailure.startsWith('http://')
    ? inQueue(stack, onFailure)
    : inBucket(stack, onFailure);
};

const inQueue = ({ region }: Asked, url: string): Promise<OnFailureHealth> =>
  withClient(new SQSClient({ region }), async (client) => {
    const { Attributes = {} } = await askAws(
      { what: `the queue ${url}`, action: 'sqs:GetQueueAttributes' },
      () =>
        client.send(
          new GetQueueAttributesCommand({
            QueueUrl: url,
            AttributeNames: [
              'ApproximateNumberOfMessages',
              'ApproximateNumberOfMessagesNotVisible',
            ],
          }),
        ),
    );
    const counted = Number(Attributes.ApproximateNumberOfMessages ?? 0);
    const inFlight = Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0);
    return { batches: counted + inFlight, isMore: false, oldest: null };
  });

/** The most objects that are counted. */
const mostCounted = 10_000;

/** Counts all objects: AWS does not say how it names those of a Kafka mapping. */
const inBucket = ({ region }: Asked, bucket: string): Promise<OnFailureHealth> =>
  withClient(new S3Client({ region }), (client) =>
    askAws({ what: `the bucket ${bucket}`, action: 's3:ListBucket' }, async () => {
      let batches = 0;
      let oldest: Date | null = null;
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket }))
        for (const { LastModified } of page.Contents ?? []) {
          batches += 1;
          if (LastModified !== undefined && (oldest === null || LastModified < oldest))
            oldest = LastModified;
          if (batches === mostCounted) return { batches, isMore: true, oldest };
        }
      return { batches, isMore: false, oldest };
    }),
  );
