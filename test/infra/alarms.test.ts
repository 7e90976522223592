import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { runbookAnchor } from '../../infra/alarms.ts';
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

test('each tells the topic when it begins and when it ends', () => {
  for (const { AlarmActions, OKActions } of alarms)
    deepStrictEqual([AlarmActions, OKActions], [[topicArn], [topicArn]]);
});

test('no data is no alarm, but where silence is one', () => {
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

test('a share is of an hour’s records', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'user-events-test: Late events',
    Threshold: 10,
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: '100 * part / all' }),
      Match.objectLike({ MetricStat: Match.objectLike({ Period: 3600 }) }),
    ]),
  });
});

test('the dashboard is one, of the stack’s name', () => {
  template.hasResourceProperties('AWS::CloudWatch::Dashboard', {
    DashboardName: 'user-events-test',
  });
});
