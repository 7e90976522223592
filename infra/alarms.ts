import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { PipelineSettings } from './config/pipeline.ts';
import type { PipelineMetrics } from './pipeline-metrics.ts';

interface AlarmSpec {
  /** The alarm's name, and the heading of its runbook in docs/operations.md. */
  readonly title: string;
  readonly meaning: string;
  readonly metric: IMetric;
  /** The value above which it alarms, or below which where silence is bad. */
  readonly threshold: number;
  /** The number of the metric's periods for which the state must last. */
  readonly periods: number;
  readonly silenceIsBad?: true;
}

/**
 * The length of a period, in minutes. A period without data is no alarm, so a lasting failure must show in each period:
 * none is shorter than an invocation that times out and the next one together.
 */
const steadyMinutes = (timeoutSeconds: number): number =>
  Math.max(5, 2 * Math.ceil(timeoutSeconds / 60));

/** The alarms' specifications, the worst first. */
const alarmSpecs = (
  { own, mapping, target, share }: PipelineMetrics,
  { alarms, function: { timeoutSeconds } }: Pick<PipelineSettings, 'alarms' | 'function'>,
): AlarmSpec[] => {
  const period = Duration.minutes(steadyMinutes(timeoutSeconds));
  const steady = (metric: Metric): Metric => metric.with({ period });
  const steadily = (periods: number): string => `${period.toMinutes() * periods} minutes`;
  return [
    {
      title: 'Records dropped',
      meaning:
        'AWS gave up records without delivering them anywhere. They are lost unless they are still on the topic.',
      metric: mapping('DroppedEventCount'),
      threshold: 0,
      periods: 1,
    },
    {
      title: 'On-failure destination unreachable',
      meaning:
        'Failed batches could not be put into the on-failure destination: they are lost unless still on the topic.',
      metric: mapping('OnFailureDestinationDeliveryErrorCount'),
      threshold: 0,
      periods: 1,
    },
    {
      title: 'Batches in the on-failure destination',
      meaning:
        'Retries ended, and batches went to the on-failure destination. They are safe, and wait for a person.',
      metric: mapping('OnFailureDestinationDeliveredEventCount'),
      threshold: 0,
      periods: 1,
    },
    {
      title: 'Function errors',
      meaning:
        'Invocations failed whole: a crash, a timeout, or settings that the function refuses. Batches come again.',
      metric: target.metricErrors({ period }),
      threshold: 0,
      periods: 2,
    },
    {
      title: 'Records waiting',
      meaning: `Records have failed and come again for ${steadily(2)}: the database is down, slow or throttling. Their partitions wait.`,
      metric: steady(own('failed')),
      threshold: 0,
      periods: 2,
    },
    {
      title: 'Lag',
      meaning: `A partition is more than ${alarms.maxOffsetLag} records behind, and has been for ${steadily(3)}.`,
      metric: steady(mapping('MaxOffsetLag', 'Maximum')),
      threshold: alarms.maxOffsetLag,
      periods: 3,
    },
    {
      title: 'Event time behind',
      meaning: `The newest event of a partition has been more than ${alarms.watermarkLagSeconds} s old for ${steadily(3)}.`,
      metric: steady(own('watermarkLagMs', 'Maximum')),
      threshold: alarms.watermarkLagSeconds * 1000,
      periods: 3,
    },
    {
      title: 'Polling errors',
      meaning:
        'The mapping cannot read the topic: login, network, or a topic that is gone. Nothing moves.',
      metric: steady(mapping('PollingErrorCount')),
      threshold: 0,
      periods: 2,
    },
    {
      title: 'Commit errors',
      meaning:
        'The mapping cannot commit offsets: records come again after each rebalance. No record is lost.',
      metric: steady(mapping('CommitErrorCount')),
      threshold: 0,
      periods: 2,
    },
    {
      title: 'Throttled invocations',
      meaning:
        'Lambda has no room for the function: the account’s or its reserved concurrency is used up.',
      metric: target.metricThrottles({ period }),
      threshold: 0,
      periods: 2,
    },
    {
      title: 'Invocations near their timeout',
      meaning: `Invocations take more than 80 % of their ${timeoutSeconds} s: soon batches are done in part only.`,
      metric: target.metricDuration({ period, statistic: 'Maximum' }),
      threshold: timeoutSeconds * 1000 * 0.8,
      periods: 2,
    },
    {
      title: 'Rejected records',
      meaning: `More than ${alarms.rejectedPercent} % of an hour’s records were broken, and are kept in rejected_events.`,
      metric: share('broken'),
      threshold: alarms.rejectedPercent,
      periods: 1,
    },
    {
      title: 'Late events',
      meaning: `More than ${alarms.latePercent} % of an hour’s events were late.`,
      metric: share('late'),
      threshold: alarms.latePercent,
      periods: 1,
    },
    {
      title: 'Future events',
      meaning: `More than ${alarms.futurePercent} % of an hour’s events were ahead of their records’ timestamps: their times make nothing late.`,
      metric: share('future'),
      threshold: alarms.futurePercent,
      periods: 1,
    },
    ...(alarms.silenceMinutes === undefined
      ? []
      : [
          {
            title: 'Silence',
            meaning: `No record has come for ${alarms.silenceMinutes} minutes.`,
            metric: own('records', 'SampleCount').with({
              period: Duration.minutes(alarms.silenceMinutes),
            }),
            threshold: 1,
            periods: 1,
            silenceIsBad: true as const,
          },
        ]),
  ];
};

/** Makes the anchor of a heading, as GitHub does. */
export const runbookAnchor = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/** The stack's alarms, each with its meaning and a link to its runbook. */
export class Alarms extends Construct {
  /** The alarms that do not watch the event source mapping, and can be made before it. */
  readonly ofTheFunction: readonly Alarm[];

  /** @internal */
  constructor(scope: Construct, id: string, metrics: PipelineMetrics, config: PipelineSettings) {
    super(scope, id);
    const { topicArn, runbook } = config.alarms;
    const topic = topicArn === undefined ? null : Topic.fromTopicArn(this, 'Topic', topicArn);
    const ofTheFunction: Alarm[] = [];
    for (const spec of alarmSpecs(metrics, config)) {
      const alarm = new Alarm(this, spec.title.replaceAll(/[^A-Za-z]/g, ''), {
        alarmName: `${config.name}: ${spec.title}`,
        alarmDescription: `${spec.meaning} Runbook: ${runbook}#${runbookAnchor(spec.title)}`,
        metric: spec.metric,
        threshold: spec.threshold,
        comparisonOperator: spec.silenceIsBad
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: spec.periods,
        treatMissingData: spec.silenceIsBad
          ? TreatMissingData.BREACHING
          : TreatMissingData.NOT_BREACHING,
      });
      if (topic !== null) {
        const action = new SnsAction(topic);
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
      if (!metrics.isOfMapping(spec.metric)) ofTheFunction.push(alarm);
    }
    this.ofTheFunction = ofTheFunction;
  }
}
