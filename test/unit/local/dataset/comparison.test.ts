import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import { publishedFields } from '../../../../cli/verify/rules/schema-fields.ts';
import { compare } from '../../../../local/dataset/comparison.ts';
import { createExpectedTables } from '../../../../local/dataset/expected-tables.ts';
import type { GeneratedRecord } from '../../../../local/dataset/generated-record.ts';
import { encode, eventId, userId } from '../../../support/avro.ts';

const t0 = Date.UTC(2026, 2, 10, 12);
const day = types.LocalDate.fromString('2026-03-10');
const record: Omit<GeneratedRecord, 'intent' | 'offset' | 'value'> = {
  partition: 0,
  timestamp: t0,
  key: Buffer.from('k'),
  headers: [['h', Buffer.of(1)]],
};
const expectedTables = createExpectedTables(1);
expectedTables.add({ ...record, offset: 0, value: encode({ event_time: t0 }) });
expectedTables.add({ ...record, offset: 1, value: null });

/** The columns that no test here names, as the driver gives them. */
const otherColumns = Object.fromEntries(
  publishedFields.map(({ name, type, fallback = null }) => {
    if (typeof fallback === 'bigint') return [name, types.Long.fromString(`${fallback}`)];
    return [name, type === 'time' && fallback !== null ? new Date(Number(fallback)) : fallback];
  }),
);

const rows = {
  user_events: {
    ...otherColumns,
    user_id: userId,
    bucket_date: day,
    event_time: new Date(t0),
    event_type: 'click',
    event_id: eventId,
    metadata: null,
  },
  rejected_events: {
    topic: 'events',
    rejected_date: day,
    partition: 0,
    offset: 1,
    reason: 'tombstone',
    event_time: null,
    watermark: null,
    record_timestamp: new Date(t0),
    key: Buffer.from('k'),
    value: null,
    headers: [new types.Tuple('h', Buffer.of(1))],
  },
  partition_watermarks: {
    consumer_group: 'group',
    topic: 'events',
    partition: 0,
    next_offset: 2,
    max_event_time: new Date(t0),
  },
};
type Table = keyof typeof rows;

/** The comparison of one table, whose rows are these. */
const comparisonOf = async (table: Table, given: readonly object[]) => {
  const stream = async function* (query: string) {
    const [, name] = /FROM ks\.(\w+)/.exec(query) ?? [];
    yield* (name === table ? given : [rows[name as Table]]) as types.Row[];
  };
  const tables = await compare({
    reader: { stream },
    keyspace: 'ks',
    topic: 'events',
    consumerGroup: 'group',
    expectedTables,
  });
  return tables.find((one) => one.table === table);
};

/** Its found, missing, unexpected and different. */
const verdict = async (table: Table, given: readonly object[]): Promise<number[]> => {
  const one = await comparisonOf(table, given);
  return [one?.found, one?.missing, one?.unexpected, one?.different].map(Number);
};

for (const table of Object.keys(rows) as Table[]) {
  test(`${table}: the rows that must be there agree`, async () => {
    deepStrictEqual(await verdict(table, [rows[table]]), [1, 0, 0, 0]);
  });

  test(`${table}: a missing row is missing`, async () => {
    deepStrictEqual(await verdict(table, []), [0, 1, 0, 0]);
  });
}

for (const [what, table, change, expected] of [
  ['another event_id', 'user_events', { event_id: userId }, [1, 0, 0, 1]],
  ['other metadata', 'user_events', { metadata: new Map([['a', 'b']]) }, [1, 0, 0, 1]],
  ['another time', 'user_events', { event_time: new Date(t0 + 1) }, [1, 1, 1, 0]],
  [
    'the bucket of another day',
    'user_events',
    { bucket_date: types.LocalDate.fromString('2026-03-11') },
    [1, 1, 1, 0],
  ],
  ['another reason', 'rejected_events', { reason: 'late' }, [1, 0, 0, 1]],
  ['an event’s time', 'rejected_events', { event_time: new Date(t0) }, [1, 0, 0, 1]],
  ['other bytes', 'rejected_events', { value: Buffer.of(0) }, [1, 0, 0, 1]],
  ['other headers', 'rejected_events', { headers: [] }, [1, 0, 0, 1]],
  ['another topic', 'rejected_events', { topic: 'other' }, [1, 1, 1, 0]],
  ['another offset', 'rejected_events', { offset: 7 }, [1, 1, 1, 0]],
  ['a lower offset', 'partition_watermarks', { next_offset: 1 }, [1, 0, 0, 1]],
  ['no maximum', 'partition_watermarks', { max_event_time: null }, [1, 0, 0, 1]],
] as const)
  test(`${table}: a row with ${what} is found out`, async () => {
    deepStrictEqual(await verdict(table, [{ ...rows[table], ...change }]), [...expected]);
  });

test('five unexpected rows are named at most, and never in place of a missing one', async () => {
  const strangers = Array.from({ length: 9 }, (_, offset) => ({
    ...rows.rejected_events,
    offset: offset + 100,
  }));
  const examples = (await comparisonOf('rejected_events', strangers))?.examples ?? [];
  deepStrictEqual(
    examples.map((line) => line.split(' ', 2).join(' ')),
    [
      'missing: 0@1',
      ...['100', '101', '102', '103', '104'].map((offset) => `unexpected: 0@${offset}`),
    ],
  );
});

test('a row of others is counted apart, and is neither found nor unexpected', async () => {
  const other = { partition: 0, offset: 50, timestamp: t0, event: null };
  expectedTables.leaveOut(other);
  const given = [rows.rejected_events, { ...rows.rejected_events, offset: other.offset }];
  deepStrictEqual(await verdict('rejected_events', given), [1, 0, 0, 0]);
  deepStrictEqual((await comparisonOf('rejected_events', given))?.others, 1);
});
