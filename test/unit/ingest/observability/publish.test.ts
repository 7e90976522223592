import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Metric } from '../../../../functions/ingest/observability/metrics.ts';
import { publish } from '../../../../functions/ingest/observability/publish.ts';

/** The lines that the library writes, read. */
const linesOf = (batch: readonly Metric[], line: object): Record<string, unknown>[] => {
  const metrics = new Metrics({ namespace: 'UserEvents', serviceName: 'test' });
  const lines: Record<string, unknown>[] = [];
  Object.assign(metrics, { console: { log: (text: string) => lines.push(JSON.parse(text)) } });
  publish(metrics, batch, line);
  return lines;
};

test('a batch is one line, its log line, with its numbers as metrics of the embedded format', () => {
  const [line, ...others] = linesOf(
    [
      { name: 'records', unit: 'Count', values: [3] },
      { name: 'watermarkLagMs', unit: 'Milliseconds', values: [5, 7] },
    ],
    { level: 'INFO', message: 'batch', records: 3, rejected: { late: 1 } },
  );
  deepStrictEqual(others, []);
  const { _aws, ...fields } = line as { _aws: { CloudWatchMetrics: object[] } };
  deepStrictEqual(fields, {
    level: 'INFO',
    message: 'batch',
    service: 'test',
    records: 3,
    watermarkLagMs: [7, 5],
    rejected: { late: 1 },
  });
  deepStrictEqual(_aws.CloudWatchMetrics, [
    {
      Namespace: 'UserEvents',
      Dimensions: [['service']],
      Metrics: [
        { Name: 'records', Unit: 'Count' },
        { Name: 'watermarkLagMs', Unit: 'Milliseconds' },
      ],
    },
  ]);
});

test('a batch of more partitions than the format takes values is still one line, with the largest', () => {
  const values = Array.from({ length: 250 }, (_, index) => index);
  const lines = linesOf([{ name: 'watermarkLagMs', unit: 'Milliseconds', values }], {});
  deepStrictEqual(lines.length, 1);
  const kept = lines[0]?.['watermarkLagMs'] as number[];
  deepStrictEqual([kept.length, Math.max(...kept), Math.min(...kept)], [99, 249, 151]);
});
