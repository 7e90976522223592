import { type Reason, reasons } from '../event/rejection.ts';
import type { PartitionResult } from '../pipeline/outcome.ts';
import { type BatchCounts, type Effort, transientFailuresOf } from './counts.ts';

/** The namespace of the metrics in CloudWatch; their dimension is the service. */
export const metricsNamespace = 'UserEvents';

/** Why records are broken: every reason but lateness, which is no fault of the record. */
export const brokenReasons = reasons.filter((reason) => reason !== 'late');

/** One metric a reason, where it occurred. */
export const brokenMetric = (reason: Exclude<Reason, 'late'>) => `rejected_${reason}` as const;

/** What an invocation reports: counts of its records, unless the comment says otherwise. */
export type MetricName =
  | 'records'
  | 'written'
  /** Late events, kept or only counted. */
  | 'late'
  /** Rejected for any other reason. */
  | 'broken'
  | ReturnType<typeof brokenMetric>
  | 'failed'
  /** Records whose row a later record of the batch took. */
  | 'superseded'
  /** Events stored whose time did not move the maximum. */
  | 'future'
  /** Requests that failed and were tried again, or would have been with more time. */
  | 'transientFailures'
  /** Milliseconds that the invocation took. */
  | 'durationMs'
  /** Milliseconds that writing a partition's rows took; one value a partition, like those below. */
  | 'writesMs'
  /** Milliseconds that reading and writing a partition's checkpoint took. */
  | 'checkpointMs'
  /** Milliseconds from a partition's largest event time to now. */
  | 'watermarkLagMs';

export interface Metric {
  readonly name: MetricName;
  readonly unit: 'Count' | 'Milliseconds';
  readonly values: readonly number[];
}

/**
 * @param counts of the results.
 * @param now milliseconds.
 */
export const batchMetrics = (
  results: readonly PartitionResult[],
  counts: BatchCounts,
  { durationMs }: Effort,
  now: number,
): Metric[] => {
  const { records, written, failed, superseded, future, dropped, rejected } = counts;
  const broken = brokenReasons.flatMap((reason) => {
    const value = rejected[reason];
    return value === undefined ? [] : [{ name: brokenMetric(reason), value }];
  });
  const single: { name: MetricName; value: number }[] = [
    { name: 'records', value: records },
    { name: 'written', value: written },
    { name: 'late', value: (rejected.late ?? 0) + dropped },
    { name: 'broken', value: broken.reduce((sum, { value }) => sum + value, 0) },
    ...broken,
    { name: 'failed', value: failed },
    { name: 'superseded', value: superseded },
    { name: 'future', value: future },
    { name: 'transientFailures', value: transientFailuresOf(results) },
  ];
  const milliseconds = (name: MetricName, values: readonly number[]): Metric => ({
    name,
    unit: 'Milliseconds',
    values,
  });
  const maxima = results.flatMap(({ checkpoint }) => checkpoint?.maxEventTime ?? []);
  return [
    ...single.map(({ name, value }) => ({ name, unit: 'Count' as const, values: [value] })),
    milliseconds('durationMs', [durationMs]),
    milliseconds(
      'writesMs',
      results.map(({ took }) => took.writes),
    ),
    milliseconds(
      'checkpointMs',
      results.map(({ took }) => took.checkpoint),
    ),
    milliseconds(
      'watermarkLagMs',
      maxima.map((maxEventTime) => Math.max(0, now - maxEventTime)),
    ),
  ];
};
