import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { Metric } from './metrics.ts';

/**
 * The most values of a metric in one line. The embedded metric format takes 100; the library begins another line at that many.
 */
const mostValues = 99;

/**
 * Writes one line: the log line of a batch, in CloudWatch's embedded metric format, so that its numbers are metrics too.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const publish = (
  metrics: Pick<Metrics, 'addMetric' | 'addMetadata' | 'publishStoredMetrics'>,
  batch: readonly Metric[],
  line: object,
): void => {
  const names = new Set<string>(batch.map(({ name }) => name));
  for (const [field, value] of Object.entries(line))
    if (!names.has(field)) metrics.addMetadata(field, value);
  // The largest values are kept where there are more partitions: they are the interesting ones.
  for (const { name, unit, values } of batch)
    for (const value of values.toSorted((one, other) => other - one).slice(0, mostValues))
      metrics.addMetric(name, unit, value);
  metrics.publishStoredMetrics();
};
