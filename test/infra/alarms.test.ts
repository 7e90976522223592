import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { reasons } from '../../functions/ingest/event/rejection.ts';
import { countOutcomes } from '../../functions/ingest/observability/counts.ts';
import { batchMetrics } from '../../functions/ingest/observability/metrics.ts';
import { UnavailableError } from '../../functions/ingest/pipeline/errors.ts';
import type { Outcome, PartitionResult } from '../../functions/ingest/pipeline/outcome.ts';
import { runbookAnchor } from '../../infra/alarms.ts';
import { batch, record } from '../support/records.ts';
import { stage, templateOf } from '../support/stages.ts';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:alarms';
const template = templateOf(
  stage('msk-iam', 'keyspaces', 'internet', {
    alarms: { topicArn, silenceMinutes: 60, runbook: 'https://example.org/operations.md' },
  }),
);
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties,
);

test('each alarm says what it means and links a section of the runbook that is there', () => {
  const operations = readFileSync('docs/operations.md', 'utf8');
  const anchors = [...operations.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    runbookAnchor(title),
  );
  ok(alarms.length >= 14);
  for (const { AlarmDescription } of alarms) {
    match(
      AlarmDescription,
      /^[A-Z].{30,}\. Runbook: https:\/\/example\.org\/operations\.md#[a-z-]+$/,
    );
    ok(anchors.includes(AlarmDescription.split('#')[1]), AlarmDescription);
  }
});

test('each alarm tells the topic when it begins and when it ends', () => {
  for (const { AlarmActions, OKActions } of alarms)
    deepStrictEqual([AlarmActions, OKActions], [[topicArn], [topicArn]]);
});

test('an alarm without data is no alarm, except that of silence', () => {
  const breaching = alarms.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching');
  deepStrictEqual(
    breaching.map(({ AlarmName }) => AlarmName),
    ['user-events-test: Silence'],
  );
});

test('a record that is dropped alarms at once, by the mapping’s own metric', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'user-events-test: Records dropped',
    Namespace: 'AWS/Lambda',
    MetricName: 'DroppedEventCount',
    Dimensions: [
      { Name: 'EventSourceMappingUUID', Value: { 'Fn::GetAtt': ['SourceMapping97F360AD', 'Id'] } },
    ],
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    Period: 60,
    Statistic: 'Sum',
  });
});

test('a share of events of the future alarms, for their times make nothing late', () => {
  const given = stage('msk-iam', 'keyspaces', 'internet', { alarms: { futurePercent: 3 } });
  templateOf(given).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'user-events-test: Future events',
    Threshold: 3,
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: '100 * part / all' }),
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: Match.objectLike({ Namespace: 'UserEvents', MetricName: 'future' }),
          Period: 3600,
        }),
      }),
    ]),
  });
  deepStrictEqual(
    alarms.find(({ AlarmName }) => AlarmName === 'user-events-test: Future events')?.Threshold,
    10,
  );
});

test('the function’s own metrics are known by the stack, as the function writes them', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'user-events-test: Records waiting',
    Namespace: 'UserEvents',
    MetricName: 'failed',
    Dimensions: [{ Name: 'service', Value: 'user-events-test' }],
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'user-events-test' }) },
  });
});

test('an alarm of what lasts looks at periods that have an invocation, however long one takes', () => {
  const periodOf = (timeoutSeconds: number): unknown => {
    const given = stage('msk-iam', 'keyspaces', 'internet', { function: { timeoutSeconds } });
    const found = templateOf(given).findResources('AWS::CloudWatch::Alarm', {
      Properties: { AlarmName: 'user-events-test: Records waiting' },
    });
    return Object.values(found)[0]?.['Properties'].Period;
  };
  deepStrictEqual([periodOf(60), periodOf(840)], [300, 1680]);
});

/** Every outcome, with each reason of rejection. */
const outcomes: readonly Outcome[] = [
  { kind: 'written', future: true },
  { kind: 'superseded', by: 1 },
  { kind: 'failed', error: new UnavailableError('down') },
  ...reasons.map((reason): Outcome => ({ kind: 'rejected', reason, detail: '' })),
];
const results: readonly PartitionResult[] = [
  {
    batch: batch([record()]),
    outcomes,
    checkpoint: { nextOffset: 1, maxEventTime: 0, earlier: new Map() },
    startMaxEventTime: null,
    transientFailures: 0,
    took: { writes: 0, checkpoint: 0 },
  },
];
const published = batchMetrics(
  results,
  countOutcomes(results),
  { durationMs: 0, concurrency: 1 },
  0,
);

/** The metrics of `metricsConfig` and provisioned mode: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
const ofMappings = [
  'PolledEventCount',
  'FilteredOutEventCount',
  'InvokedEventCount',
  'FailedInvokeEventCount',
  'DroppedEventCount',
  'OnFailureDestinationDeliveredEventCount',
  'CommittedEventCount',
  'PollingErrorCount',
  'InvokeErrorCount',
  'OnFailureDestinationDeliveryErrorCount',
  'SchemaRegistryErrorCount',
  'CommitErrorCount',
  'MaxOffsetLag',
  'SumOffsetLag',
  'ProvisionedPollers',
  'EventPollerUnit',
  'EventPollerThroughputInBytes',
];

/** The known metrics by namespace and dimensions. */
const known: Readonly<Record<string, readonly string[]>> = {
  'UserEvents service': published.map(({ name }) => name),
  'AWS/Lambda EventSourceMappingUUID': ofMappings,
  'AWS/Lambda FunctionName': ['Invocations', 'Errors', 'Throttles', 'Duration'],
  // https://docs.aws.amazon.com/keyspaces/latest/devguide/metrics-dimensions.html
  'AWS/Cassandra Keyspace,Operation,TableName': ['WriteThrottleEvents'],
};
const unknown = (namespace: string, name: string, dimensions: readonly string[]): boolean =>
  !known[`${namespace} ${dimensions.toSorted().join(',')}`]?.includes(name);

interface StatedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string }[];
}

test('every metric of an alarm is one that the function publishes or AWS does', () => {
  const stated = alarms.flatMap(({ Metrics = [], ...alarm }): StatedMetric[] =>
    'MetricName' in alarm
      ? [alarm as unknown as StatedMetric]
      : Metrics.flatMap(
          (one: { MetricStat?: { Metric: StatedMetric } }) => one.MetricStat?.Metric ?? [],
        ),
  );
  ok(stated.length >= alarms.length);
  const unheardOf = stated.filter(({ Namespace, MetricName, Dimensions }) =>
    unknown(
      Namespace,
      MetricName,
      Dimensions.map(({ Name }) => Name),
    ),
  );
  deepStrictEqual(unheardOf, []);
});

test('every metric of the dashboard is one that the function or AWS publishes', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  // A text replaces each value that CloudFormation fills in.
  const body = dashboard?.['Properties'].DashboardBody['Fn::Join'][1]
    .map((part: unknown) => (typeof part === 'string' ? part : 'filled-in'))
    .join('');
  const { widgets } = JSON.parse(body) as { widgets: { properties: { metrics?: string[][] } }[] };
  const stated = widgets.flatMap(({ properties: { metrics = [] } }) => metrics);
  ok(stated.length > 20);
  const unheardOf = stated.filter(([namespace = '', name = '', ...dimensions]) =>
    unknown(
      namespace,
      name,
      dimensions.filter((one, index) => typeof one === 'string' && index % 2 === 0),
    ),
  );
  deepStrictEqual(unheardOf, []);
});

test('an alarm of a share watches the share of an hour’s records', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'user-events-test: Late events',
    Threshold: 10,
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: '100 * part / all' }),
      Match.objectLike({ MetricStat: Match.objectLike({ Period: 3600 }) }),
    ]),
  });
});

test('the stack has one dashboard, with the stack’s name', () => {
  template.hasResourceProperties('AWS::CloudWatch::Dashboard', {
    DashboardName: 'user-events-test',
  });
});
