import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createJudge, type Item } from '../../../../cli/verify/judge.ts';
import { noMaximum } from '../../../../cli/verify/maximum.ts';
import { standardRows } from '../../../../cli/verify/rules/row.ts';
import type { Tables } from '../../../../cli/verify/tables.ts';
import { TransientError, UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import { eventValues } from '../../../support/avro.ts';
import { findingsHeader } from '../../../support/findings.ts';
import { record } from '../../../support/records.ts';

const t0 = 1_700_000_000_000;
const day = 86_400_000;

const judgeOf = (tables: Partial<Tables>, given: { now?: number; settingsSince?: number } = {}) =>
  createJudge({
    tables: {
      userEventsTtlSeconds: 0,
      eventRow: async () => null,
      rejectedRows: async () => new Map(),
      ...tables,
    },
    shape: standardRows,
    settings: findingsHeader().settings,
    settingsSince: null,
    sawAll: true,
    kept: { has: () => false },
    redriven: async () => new Set(),
    now: t0,
    ...given,
  });

const event = { ...eventValues(), event_time: t0 };
const items = (count: number): Item[] =>
  Array.from({ length: count }, (_, offset) => ({
    record: record({ offset }),
    reading: { kind: 'event', event },
    maximum: noMaximum,
  }));
const verdicts = async (judge: ReturnType<typeof judgeOf>, given: readonly Item[]) =>
  (await judge(given)).map(({ verdict }) => verdict.as);

test('a record whose rows cannot be read cannot be told, and the others are', async () => {
  let asked = 0;
  const judge = judgeOf({
    async eventRow() {
      asked += 1;
      if (asked === 2) throw new TransientError('timed out');
      return event;
    },
  });
  deepStrictEqual(await verdicts(judge, items(3)), ['matched', 'cannot tell', 'matched']);
});

test('where no read comes any more, the work is given up with the reason', async () => {
  const judge = judgeOf({
    async eventRow() {
      throw new TransientError('timed out');
    },
  });
  await rejects(judge(items(60)), {
    name: 'UserFacingError',
    message: 'The tables cannot be read: timed out',
  });
});

test('tables that refuse to be read are given up at once', async () => {
  const judge = judgeOf({
    async rejectedRows() {
      throw new UnavailableError('user_events has no column page');
    },
  });
  await rejects(judge(items(1)), /cannot be read: user_events has no column page/);
});

test('a row may be expired an hour before its time to live is over, for a timestamp may be ahead of the broker', async () => {
  for (const [age, verdict] of [
    [day - 3_600_001, 'missing'],
    [day - 3_600_000, 'expired'],
  ] as const)
    deepStrictEqual(
      await verdicts(judgeOf({ userEventsTtlSeconds: 86_400 }, { now: t0 + age }), items(1)),
      [verdict],
    );
});

test('a column that a row before the settings does not have is not compared', async () => {
  const row = { ...event, event_id: null, metadata: null };
  const tables = { eventRow: async () => row };
  deepStrictEqual(await verdicts(judgeOf(tables), items(1)), ['open']);
  deepStrictEqual(await verdicts(judgeOf(tables, { settingsSince: t0 + 1 }), items(1)), [
    'matched',
  ]);
});

test('rejected rows are read together, and each once', async () => {
  const read: number[] = [];
  const judge = judgeOf({
    eventRow: async () => event,
    async rejectedRows(records) {
      read.push(records.length);
      return new Map();
    },
  });
  strictEqual((await judge(items(2_300))).length, 2_300);
  deepStrictEqual(read, [1_000, 1_000, 300]);
});
