import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  brokenMetric,
  brokenReasons,
  type MetricName,
  metricsNamespace,
} from '../functions/ingest/observability/metrics.ts';
import { functionTableNames } from '../schema/tables.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import type { MappingMetric } from './mapping-metric.ts';

const mappingDimension = 'EventSourceMappingUUID';

/** Makes all metrics of the alarms and the dashboard. */
export const pipelineMetrics = (
  target: LambdaFunction,
  mappingId: string,
  { name, sink }: Pick<PipelineSettings, 'name' | 'sink'>,
) => {
  const period = Duration.minutes(1);
  const hour = Duration.hours(1);
  const own = (metricName: MetricName, statistic = 'Sum'): Metric =>
    new Metric({
      namespace: metricsNamespace,
      metricName,
      dimensionsMap: { service: name },
      statistic,
      period,
    });
  return {
    period,
    target,
    own,
    mapping: (metricName: MappingMetric, statistic = 'Sum'): Metric =>
      new Metric({
        namespace: 'AWS/Lambda',
        metricName,
        dimensionsMap: { [mappingDimension]: mappingId },
        statistic,
        period,
      }),
    /** Tells a metric of the event source mapping from one of the function. */
    isOfMapping: (metric: IMetric): boolean =>
      metric instanceof Metric && metric.dimensions?.[mappingDimension] !== undefined,
    brokenByReason: brokenReasons.map((reason) => own(brokenMetric(reason))),
    /** A metric as a percentage of an hour's records. */
    share: (metricName: MetricName): IMetric =>
      new MathExpression({
        expression: '100 * part / all',
        usingMetrics: {
          part: own(metricName).with({ period: hour }),
          all: own('records').with({ period: hour }),
        },
        label: `${metricName}, % of records`,
        period: hour,
      }),
    /** Throttled requests of Keyspaces: https://docs.aws.amazon.com/keyspaces/latest/devguide/metrics-dimensions.html */
    keyspacesThrottles:
      sink.kind === 'keyspaces'
        ? functionTableNames.map(
            (TableName) =>
              new Metric({
                namespace: 'AWS/Cassandra',
                metricName: 'WriteThrottleEvents',
                dimensionsMap: { Keyspace: sink.keyspace, TableName, Operation: 'INSERT' },
                statistic: 'Sum',
                period,
              }),
          )
        : [],
  };
};

export type PipelineMetrics = ReturnType<typeof pipelineMetrics>;
