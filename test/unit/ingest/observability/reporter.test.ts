import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { metricsNamespace } from '../../../../functions/ingest/observability/metrics.ts';
import {
  createReporter,
  type Reporter,
} from '../../../../functions/ingest/observability/reporter.ts';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, record } from '../../../support/records.ts';

const results = await ingestWith(new MemoryStores())([
  batch([record({ offset: 0 }), record({ offset: 1, value: null })]),
]);
const release = { version: '1.2.3', commit: 'abc' };
const effort = { durationMs: 12.34, concurrency: 64 };

/** The lines that a reporter writes to stdout, which is given back before anything else is written. */
const linesOf = (report: (reporter: Reporter) => void): Record<string, unknown>[] => {
  const reporter = createReporter(release);
  const write = process.stdout.write;
  let written = '';
  process.stdout.write = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  try {
    report(reporter);
  } finally {
    process.stdout.write = write;
  }
  ok(written.endsWith('\n'), 'the last line has its end');
  return written
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
};

test('a batch is one line of JSON, with its counts and the metrics that CloudWatch reads of it', () => {
  const [line, ...others] = linesOf((reporter) => reporter.batch(results, effort));
  deepStrictEqual(others, []);
  const { level, message, records, written, rejected, durationMs, concurrency, _aws } = line ?? {};
  deepStrictEqual(
    { level, message, records, written, rejected, durationMs, concurrency },
    {
      level: 'INFO',
      message: 'batch',
      records: 2,
      written: 1,
      rejected: { tombstone: 1 },
      durationMs: 12.34,
      concurrency: 64,
    },
  );
  const { CloudWatchMetrics } = _aws as {
    CloudWatchMetrics: { Namespace: string; Metrics: { Name: string }[] }[];
  };
  deepStrictEqual(
    CloudWatchMetrics.map(({ Namespace }) => Namespace),
    [metricsNamespace],
  );
  const names = CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  for (const name of ['records', 'written', 'rejected_tombstone', 'durationMs'])
    ok(names.includes(name), name);
});

test('a batch behind another one holds nothing of it', () => {
  const [first, second] = linesOf((reporter) => {
    reporter.batch(results, effort);
    reporter.batch([], effort);
  });
  deepStrictEqual([first?.['records'], second?.['records']], [2, 0]);
  ok(!('rejected_tombstone' in (second ?? {})));
});

test('a failure and a warning are lines of their own, whose line breaks are escaped', () => {
  const lines = linesOf((reporter) => {
    reporter.failure(new UnavailableError('the table\nis gone'));
    reporter.warning({ setting: 'LATE_EVENTS', text: 'late events are only counted' });
  });
  deepStrictEqual(
    lines.map(({ level }) => level),
    ['ERROR', 'WARN'],
  );
  strictEqual(lines[0]?.['reason'], 'the table\nis gone');
  deepStrictEqual(lines[1], {
    level: 'WARN',
    message: 'late events are only counted',
    setting: 'LATE_EVENTS',
    ...release,
  });
});

test('each line has the version of the code and the commit that it was deployed from', () => {
  const lines = linesOf((reporter) => {
    reporter.batch(results, effort);
    reporter.failure(new UnavailableError('the table is gone'));
    reporter.warning({ setting: 'LATE_EVENTS', text: 'late events are only counted' });
    reporter.write({ level: 'INFO', message: 'ready' });
  });
  deepStrictEqual(
    lines.map(({ version, commit }) => ({ version, commit })),
    [release, release, release, release],
  );
});

test('any other line is written with its own fields first', () => {
  const line = { level: 'INFO', message: 'ready', took: 7 };
  deepStrictEqual(
    linesOf((reporter) => reporter.write(line)),
    [{ ...line, ...release }],
  );
});
