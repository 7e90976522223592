import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import {
  changedPlan,
  type PlanOptions,
  planOf,
  planText,
  readPlan,
} from '../../../../cli/redrive/plan.ts';
import { redriveCommand } from '../../../../cli/redrive/redrive-command.ts';
import type { Target } from '../../../../cli/target/target.ts';

const target = { name: 'stage prod', stack: null, onFailureFolder: null } as Target;

/** Makes the plan of a command line. */
const planned = (words: readonly string[], topic: string | null = null) => {
  let given: PlanOptions = {};
  redriveCommand(async (options) => {
    given = options;
  }).parse(words, { from: 'user' });
  return planOf(given, { ...target, topic });
};

const filters = [
  ...['--topic', 'clicks', '--partition', '3', '--offset', '67', '--reason', 'late'],
  ...['--detail', 'behind', '--since', '2026-11-01', '--until', '2026-11-02', '--days-before', '2'],
];

test('what is redriven is what every filter names, also when a task is read back', () => {
  const plan = planned([...filters, '--to', 'tables']);
  deepStrictEqual(plan.source, {
    kind: 'rejected',
    filter: {
      topic: 'clicks',
      partitions: [3],
      offsets: { from: '67', to: '67' },
      reasons: ['late'],
      detail: 'behind',
      since: Date.parse('2026-11-01'),
      until: Date.parse('2026-11-02'),
    },
    all: false,
    daysBefore: 2,
  });
  deepStrictEqual(readPlan('a', JSON.parse(JSON.stringify(plan))), plan);
});

test('the audit line of a task names the offsets that it redrives', () => {
  deepStrictEqual(
    planText(planned([...filters, '--to', 'tables'])),
    'rejected records, of clicks, partitions 3, offsets 67 to 67, reasons late, detail "behind", from 2026-11-01T00:00:00.000Z, ' +
      'up to 2026-11-02T00:00:00.000Z to the tables',
  );
});

test('an offset chooses among rejected records, and is refused with another source', () => {
  throws(
    () => planned(['--from-file', 'findings.jsonl', '--offset', '1', '--to', 'tables']),
    /Filters choose among the rows of rejected_events/,
  );
});

const planOfOptions = (options: PlanOptions) => planOf({ to: 'tables', ...options }, target);

test('a plan says where to, and each source excludes the others', () => {
  throws(() => planOf({}, target), /Say where to: --to tables .* --to topic/);
  throws(
    () => planOfOptions({ to: 'topic', overwrite: true }),
    /--overwrite belongs to --to tables/,
  );
  throws(() => planOfOptions({ fromFile: 'a', fromFailed: 'b' }), /Only one of/);
  throws(() => planOfOptions({ fromFile: 'a', all: true }), /Filters choose/);
});

test('only batches of a folder or a bucket are removed on demand', () => {
  for (const fromFailed of ['failed', 's3://a-bucket'])
    strictEqual(planOfOptions({ fromFailed, remove: true }).remove, true);
  for (const options of [
    { fromFailed: 'https://queue' },
    { fromFailed: 'kafka://failed' },
    { fromFile: 'a' },
    { fromDeadLetters: 'dlq' },
    {},
  ])
    throws(() => planOfOptions({ ...options, remove: true }), /--remove belongs to --from-failed/);
});

test('a plan that was written down is read as it was, also one of before there was --remove', () => {
  for (const options of [
    { fromFailed: 's3://a-bucket/x', remove: true },
    { fromFile: 'a' },
    { fromDeadLetters: 'dlq', tries: 5, rate: 10, limit: 2 },
    { again: true },
  ]) {
    const made = planOfOptions(options);
    deepStrictEqual(readPlan('a-task', JSON.parse(JSON.stringify(made))), made);
  }
  const { remove: _, ...before } = planOfOptions({ fromFile: 'a' });
  strictEqual(readPlan('a-task', before).remove, false);
  throws(() => readPlan('a-task', { to: 'nowhere' }), /task a-task was written by another version/);
});

test('a task goes on with other bounds where they are given, and with its own source', () => {
  const before = planOfOptions({ fromFile: 'a', rate: 10, limit: 5 });
  deepStrictEqual(changedPlan(before, {}), before);
  deepStrictEqual(changedPlan(before, { rate: 20, limit: 9, tries: 4, fromFile: 'b' }), {
    ...before,
    ...{ rate: 20, limit: 9, tries: 4 },
    source: { kind: 'findings', file: resolve('b') },
  });
  const failed = planOfOptions({ fromFailed: 'kafka://failed' });
  deepStrictEqual(changedPlan(failed, { fromFile: 'b' }).source, failed.source);
});

test('the audit line says what was asked for', () => {
  strictEqual(
    planText(planOfOptions({ fromFailed: 's3://a-bucket', remove: true, again: true, limit: 3 })),
    'the failed batches in s3://a-bucket/ to the tables, again, removing what is done, 3 at most',
  );
  strictEqual(
    planText(planOfOptions({ to: 'topic', fromDeadLetters: 'dlq' })),
    'the dead letters on dlq to the topic',
  );
});

test('the topic of the pipeline has no dead letters: a redrive from it would send all records again, and is refused', () => {
  throws(
    () => planned(['--from-dead-letters', 'clicks', '--to', 'topic'], 'clicks'),
    /^UserFacingError: clicks is the topic of the pipeline/,
  );
  deepStrictEqual(planned(['--from-dead-letters', 'dlq', '--to', 'topic'], 'clicks').source, {
    kind: 'dead letters',
    topic: 'dlq',
  });
});
