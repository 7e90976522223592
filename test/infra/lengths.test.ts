import { ok } from 'node:assert/strict';
import { test } from 'node:test';
import { mistakesIn } from '../support/mistakes.ts';
import { stage, templateOf } from '../support/stages.ts';

/** The longest runbook address that a stage may have, and the longest figures in an alarm's text. */
const longest = {
  stackName: 'S'.repeat(128),
  function: { timeoutSeconds: 840 },
  alarms: {
    runbook: 'r'.repeat(850),
    silenceMinutes: 1440,
    maxOffsetLag: 1_000_000_000,
    watermarkLagSeconds: 604_800,
    rejectedPercent: 100,
    latePercent: 100,
  },
};

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
test('with the longest texts that a stage may have, names and descriptions are no longer than AWS takes', () => {
  const template = templateOf(stage('msk-iam', 'keyspaces', 'internet', longest));
  for (const { Properties } of Object.values(template.findResources('AWS::CloudWatch::Alarm'))) {
    ok(Properties.AlarmDescription.length <= 1024, Properties.AlarmDescription);
    ok(Properties.AlarmName.length <= 255, Properties.AlarmName);
  }
  for (const { Properties } of Object.values(template.findResources('AWS::CloudWatch::Dashboard')))
    ok(Properties.DashboardName.length <= 255);
});

test('a longer runbook address is refused', () => {
  const [mistake = ''] = mistakesIn({
    ...stage(),
    alarms: { ...longest.alarms, runbook: 'r'.repeat(851) },
  });
  ok(
    mistake.startsWith('alarms.runbook must be a URL or path of at most 850 characters: AWS takes'),
  );
});
