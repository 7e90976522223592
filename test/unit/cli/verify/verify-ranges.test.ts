import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RejectedRow } from '../../../../cli/rejected/row.ts';
import { expectedOf } from '../../../../cli/verify/rules/expected.ts';
import type { Values } from '../../../../cli/verify/rules/read-avro.ts';
import { standardRows } from '../../../../cli/verify/rules/row.ts';
import type { KafkaRecord } from '../../../../functions/ingest/pipeline/kafka-record.ts';
import { encode } from '../../../support/avro.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, record } from '../../../support/records.ts';
import { type RowsInMemory, rowsOfStores, verifyInMemory } from '../../../support/verification.ts';

const t0 = 1_700_000_000_000;
/** The settings of the core under test. */
const settings = { outOfOrdernessMs: 10_000, maxFutureMs: 300_000, wireFormat: 'bare' } as const;

/**
 * Makes streams of two partitions: events behind, ahead, colliding and equal, broken values, and gaps of offsets.
 * @param shared true where a user’s events may be in both partitions.
 */
const streamsOf = (shared: boolean) =>
  fc
    .array(
      fc.record({
        partition: fc.integer({ min: 0, max: 1 }),
        kind: fc.constantFrom(
          ...'event event event event again future tombstone garbage'.split(' '),
        ),
        time: fc.integer({ min: -30_000, max: 30_000 }),
        user: fc.integer({ min: 0, max: 3 }),
        gap: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 80 },
    )
    .map((steps) => {
      const next = [0, 0];
      const last = [encode(), encode()];
      return steps.map(({ partition, kind, time, user, gap }, index): KafkaRecord => {
        const offset = (next[partition] ?? 0) + gap - 1;
        next[partition] = offset + 1;
        const timestamp = t0 + index * 5_000;
        const ahead = kind === 'future' ? 400_000 : 0;
        // Coarse times, so that keys collide, also over partitions.
        const event = encode({
          user_id: `11111111-1111-4111-8111-0000000000${shared ? 0 : partition}${user}`,
          event_time: Math.round((timestamp + time + ahead) / 10_000) * 10_000,
          event_id: `22222222-2222-4222-8222-${String(index).padStart(12, '0')}`,
        });
        const value =
          kind === 'tombstone'
            ? null
            : kind === 'garbage'
              ? Buffer.of(1)
              : kind === 'again'
                ? (last[shared ? 0 : partition] as Buffer)
                : event;
        if (kind === 'event') last[shared ? 0 : partition] = event;
        return record({ partition, offset, timestamp, value });
      });
    });
const streams = streamsOf(true);
/** Streams as keyed topics have them: an older record of another partition has no row of theirs. */
const keyedStreams = streamsOf(false);
const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 });

/** Runs the function's core over the records, in batches of these sizes. */
const handle = async (
  records: readonly KafkaRecord[],
  batchSizes: readonly number[],
): Promise<RowsInMemory> => {
  const stores = new MemoryStores();
  const ingest = ingestWith(stores);
  for (let start = 0, turn = 0; start < records.length; turn += 1) {
    const size = batchSizes[turn % batchSizes.length] ?? 1;
    const together = Map.groupBy(records.slice(start, start + size), ({ partition }) => partition);
    await ingest([...together.values()].map(batch));
    start += size;
  }
  return rowsOfStores(stores);
};

/** The records by partition, in offset order. */
const inPartitions = (records: readonly KafkaRecord[]): KafkaRecord[] =>
  records.toSorted((one, other) => one.partition - other.partition || one.offset - other.offset);

test('nothing of any stream is missing or different, however it was cut into batches', async () => {
  await fc.assert(
    fc.asyncProperty(
      streams,
      sizes,
      fc.integer({ min: 1, max: 20 }),
      async (records, cuts, together) => {
        const rows = await handle(records, cuts);
        const { counts, findings } = await verifyInMemory({
          records: inPartitions(records),
          rows,
          settings,
          together,
        });
        deepStrictEqual(findings, []);
        strictEqual(counts['on trust'] ?? 0, 0);
        const handled = Object.entries(counts).filter(([name]) =>
          /^(matched|superseded|rejected .*)$/.test(name),
        );
        strictEqual(
          handled.reduce((sum, [, of]) => sum + of, 0),
          records.length,
        );
      },
    ),
    { numRuns: 300 },
  );
});

/** A change of a row, which verify must find. */
const changes = ['delete', 'change'] as const;

test('of rows that were deleted or changed, verify finds exactly the records that had them', async () => {
  await fc.assert(
    fc.asyncProperty(
      streams,
      sizes,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...changes)), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 20 }),
      async (records, cuts, picks, together) => {
        const rows = await handle(records, cuts);
        const keys = [...rows.userEvents.keys()].map((key) => ['userEvents', key] as const);
        const all = [
          ...keys,
          ...[...rows.rejected.keys()].map((key) => ['rejected', key] as const),
        ];
        const damaged = new Map(
          picks.map(([pick, change]) => {
            const [table, key] = all[pick % all.length] as (typeof all)[number];
            return [`${table} ${key}`, { table, key, change }];
          }),
        );
        for (const { table, key, change } of damaged.values()) damage(rows, table, key, change);
        const { findings } = await verifyInMemory({
          records: inPartitions(records),
          rows,
          settings,
          together,
        });
        const keyOf = new Map(
          records.map((one) => [`${one.partition}@${one.offset}`, eventKeyOf(one)]),
        );
        const found = new Set(
          findings.map(({ partition, offset }) => {
            const place = `${partition}@${offset}`;
            return damaged.has(`rejected ${place}`)
              ? `rejected ${place}`
              : `userEvents ${keyOf.get(place)}`;
          }),
        );
        // A record that was read later, or in another partition, may say the same of a key: each key is found, and no other.
        deepStrictEqual([...found].sort(), [...damaged.keys()].sort());
        for (const { kind, partition, offset } of findings) {
          const place = `${partition}@${offset}`;
          const { change } = damaged.get(`rejected ${place}`) ??
            damaged.get(`userEvents ${keyOf.get(place)}`) ?? { change: null };
          // Another record may have the row of a late one that is in no table: that cannot be told.
          const isOpen = kind === 'cannot tell' && damaged.has(`rejected ${place}`);
          ok(
            isOpen || kind === (change === 'delete' ? 'missing' : 'different'),
            `${place} is ${kind} after ${change}`,
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** The key of the row that a record's event has; null where it is none. */
const eventKeyOf = ({ value }: KafkaRecord): string | null => {
  const read = expectedOf(value);
  return 'event' in read ? standardRows.key(read.event) : null;
};

const damage = (
  { userEvents, rejected }: RowsInMemory,
  table: string,
  key: string,
  change: (typeof changes)[number],
): void => {
  const rows: Map<string, Values | RejectedRow> = table === 'rejected' ? rejected : userEvents;
  const row = rows.get(key);
  if (change === 'delete') rows.delete(key);
  else if (table === 'rejected')
    rejected.set(key, { ...(row as RejectedRow), value: Buffer.of(7) });
  else userEvents.set(key, { ...(row as Values), metadata: new Map([['changed', 'x']]) });
};

test('of a range that begins behind records that are gone, nothing is missing or different', async () => {
  await fc.assert(
    fc.asyncProperty(keyedStreams, sizes, fc.nat(), async (records, cuts, pick) => {
      const rows = await handle(records, cuts);
      const begin = pick % 20;
      const left = inPartitions(records).filter(({ offset }) => offset >= begin);
      const { findings } = await verifyInMemory({
        records: left,
        rows,
        settings,
        range: {
          begin,
          start: begin,
          leadIn: begin,
          maximum: { low: null, high: 'unknown' },
        },
      });
      deepStrictEqual(
        findings.filter(({ kind }) => kind !== 'cannot tell'),
        [],
      );
    }),
    { numRuns: 300 },
  );
});

test('of a range that begins at a time, with the bound of the maximum that follows from it, nothing is missing or different', async () => {
  await fc.assert(
    fc.asyncProperty(keyedStreams, sizes, fc.nat(79), async (records, cuts, step) => {
      const rows = await handle(records, cuts);
      const from = t0 + step * 5_000;
      const { findings } = await verifyInMemory({
        records: inPartitions(records).filter(({ timestamp }) => timestamp >= from),
        rows,
        settings,
        range: {
          begin: 0,
          leadIn: 1,
          maximum: { low: null, high: from + settings.maxFutureMs },
        },
      });
      deepStrictEqual(
        findings.filter(({ kind }) => kind !== 'cannot tell'),
        [],
      );
    }),
    { numRuns: 300 },
  );
});

test('records beyond the checkpoint wait, and are not looked up', async () => {
  const records = [0, 1, 2].map((offset) => record({ offset, value: null }));
  const { counts, findings } = await verifyInMemory({
    records,
    rows: { userEvents: new Map(), rejected: new Map() },
    settings,
    range: { checkpoint: 1 },
  });
  deepStrictEqual(counts, { waiting: 2, read: 1, missing: 1 });
  deepStrictEqual(
    findings.map(({ offset }) => offset),
    [0],
  );
});

// The batch at the end of a partition was given up, and waited for the next one by what verify said.
test('records beyond the checkpoint do not wait where the group has committed an offset beyond them', async () => {
  const records = [0, 1, 2].map((offset) => record({ offset, value: null }));
  const tables = { userEvents: new Map(), rejected: new Map() };
  const countsIn = async (range: { checkpoint: number | null; committed: number }) =>
    (await verifyInMemory({ records, rows: tables, settings, range })).counts;
  deepStrictEqual(await countsIn({ checkpoint: 1, committed: 2 }), {
    ...{ waiting: 1, read: 2, missing: 2 },
  });
  // By its starting position a group may begin there, and have nothing to do with older records.
  deepStrictEqual(await countsIn({ checkpoint: null, committed: 2 }), { waiting: 3 });
});

test('an event that redrive has written into the tables beside its rejected row is as it must be', async () => {
  const records = [
    record({ offset: 0, value: encode({ event_time: t0 }) }),
    record({ offset: 1, value: encode({ event_time: t0 - 60_000 }) }),
  ];
  const rows = await handle(records, [1]);
  const late = expectedOf(records[1]?.value ?? null);
  ok('event' in late);
  rows.userEvents.set(standardRows.key(late.event), late.event);
  const given = { records, rows, settings };
  const { findings } = await verifyInMemory(given);
  deepStrictEqual(
    findings.map(({ kind, why }) => [kind, why]),
    [['different', 'both tables have it']],
  );
  const after = await verifyInMemory({ ...given, redriven: new Set([1]) });
  deepStrictEqual([after.findings, after.counts['matched']], [[], 2]);
});

test('a sample looks up its records alone, and is judged by the maximum of all', async () => {
  const records = Array.from({ length: 400 }, (_, offset) =>
    record({
      offset,
      value: encode({
        event_time: offset % 2 === 0 ? t0 + offset : t0 - 60_000 - offset,
        user_id: `11111111-1111-4111-8111-${String(offset).padStart(12, '0')}`,
      }),
    }),
  );
  const rows = await handle(records, [50]);
  const { counts } = await verifyInMemory({ records, rows, settings, header: { sample: 0.1 } });
  const { matched = 0, 'rejected late': late = 0, 'not in the sample': left } = counts;
  strictEqual(matched + late + (left ?? 0), 400);
  ok(matched > 5 && late > 5 && matched + late < 100, `${matched} and ${late}`);
});
