import { deepStrictEqual, notStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { createExpectedTables } from '../../../../local/dataset/expected-tables.ts';
import { encode, type Fields } from '../../../support/avro.ts';

const t0 = Date.UTC(2026, 2, 10, 12);
const at = (event_time: number, given: Partial<Fields> = {}): Buffer =>
  encode({ event_time, ...given });
const expectedTablesOf = (...values: (Buffer | null)[]) => {
  const expectedTables = createExpectedTables(1);
  const verdicts = values.map((value, offset) =>
    expectedTables.add({ partition: 0, offset, timestamp: t0, key: null, value, headers: [] }),
  );
  return { ...expectedTables, verdicts };
};

test('two minutes behind the largest time so far is on time, a millisecond more is late', () => {
  const { counts, verdicts } = expectedTablesOf(at(t0), at(t0 - 120_000), at(t0 - 120_001));
  deepStrictEqual(verdicts, ['on-time', 'on-time', 'late']);
  deepStrictEqual([counts.onTime, counts.rejected.late], [2, 1]);
});

test('nothing is late before the first event, nor for one of the future', () => {
  const { counts, partitions, verdicts } = expectedTablesOf(at(t0 + 120_001), at(0));
  deepStrictEqual(verdicts, ['future', 'on-time']);
  deepStrictEqual([counts.onTime, counts.future], [2, 1]);
  deepStrictEqual(partitions, [{ nextOffset: 2, max: 0 }]);
});

test('an event two minutes ahead of its record is not yet of the future', () => {
  const { partitions, verdicts } = expectedTablesOf(at(t0 + 120_000));
  deepStrictEqual(verdicts, ['on-time']);
  deepStrictEqual(partitions, [{ nextOffset: 1, max: t0 + 120_000 }]);
});

test('a late event moves nothing', () => {
  const { partitions, rejected, verdicts } = expectedTablesOf(at(t0), at(0), at(t0 - 1));
  deepStrictEqual(verdicts, ['on-time', 'late', 'on-time']);
  deepStrictEqual(partitions, [{ nextOffset: 3, max: t0 }]);
  deepStrictEqual([...rejected.keys()], ['0@1']);
});

test('an event that is invalid is rejected for that, though it is late', () => {
  const { verdicts } = expectedTablesOf(at(t0), at(0, { event_type: '' }));
  deepStrictEqual(verdicts, ['on-time', 'invalid_event_type']);
});

test('a broken record is rejected and moves nothing', () => {
  const { counts, partitions, rejected } = expectedTablesOf(null);
  strictEqual(counts.rejected.tombstone, 1);
  deepStrictEqual(partitions, [{ nextOffset: 1, max: null }]);
  deepStrictEqual([...rejected.keys()], ['0@0']);
});

test('the row of the later of two events with one key is expected, and counted', () => {
  const other = '33333333-3333-4333-8333-333333333333';
  const { counts, userEvents } = expectedTablesOf(at(t0), at(t0, { event_id: other }));
  const alone = expectedTablesOf(at(t0, { event_id: other }));
  strictEqual(counts.collisions, 1);
  deepStrictEqual(userEvents, alone.userEvents);
});

test('a row’s digest tells event_id and metadata apart, whatever the order of the entries', () => {
  const digest = (given: Partial<Fields>) =>
    [...expectedTablesOf(at(t0, given)).userEvents.values()][0];
  strictEqual(digest({ metadata: { a: '1', b: '2' } }), digest({ metadata: { b: '2', a: '1' } }));
  notStrictEqual(digest({ metadata: { a: '1' } }), digest({ metadata: { a: '2' } }));
  notStrictEqual(digest({}), digest({ event_id: '33333333-3333-4333-8333-333333333333' }));
});

test('a user_id in upper case is the same user', () => {
  const { userEvents } = expectedTablesOf(
    at(t0, { user_id: 'ABCDEF00-0000-4000-8000-000000000000' }),
    at(t0, { user_id: 'abcdef00-0000-4000-8000-000000000000' }),
  );
  strictEqual(userEvents.size, 1);
});

test('a record that is not the next of its partition is a mistake of the generator', () => {
  const expectedTables = createExpectedTables(1);
  const record = { partition: 0, offset: 1, timestamp: t0, key: null, value: null, headers: [] };
  throws(() => expectedTables.add(record), /0@1/);
});

test('an event of others counts for the watermark of its partition, and its rows are left out', () => {
  const tables = createExpectedTables(1);
  const record = { partition: 0, timestamp: t0, key: null, headers: [] };
  tables.add({ ...record, offset: 0, value: at(t0) });
  const event = { key: 'theirs', eventTime: t0 + 60_000 };
  tables.other({ partition: 0, offset: 1, timestamp: t0, event });
  tables.other({ partition: 0, offset: 2, timestamp: t0, event: null });
  strictEqual(tables.add({ ...record, offset: 3, value: at(t0 - 60_001) }), 'late');
  deepStrictEqual(tables.partitions, [{ nextOffset: 4, max: t0 + 60_000 }]);
  deepStrictEqual([tables.counts.produced, tables.counts.others], [2, 2]);
  deepStrictEqual(tables.others, {
    userEvents: new Set(['theirs']),
    rejected: new Set(['0@1', '0@2']),
  });
});

test('a late event of others, and one of the future, move nothing', () => {
  const tables = createExpectedTables(1);
  const of = (offset: number, eventTime: number) =>
    tables.other({ partition: 0, offset, timestamp: t0, event: { key: `${offset}`, eventTime } });
  of(0, t0);
  of(1, t0 - 120_001);
  of(2, t0 + 120_001);
  deepStrictEqual(tables.partitions, [{ nextOffset: 3, max: t0 }]);
});

test('a row of others that an event of the generator takes is compared again', () => {
  const tables = createExpectedTables(1);
  const value = at(t0);
  tables.add({ partition: 0, offset: 0, timestamp: t0, key: null, value, headers: [] });
  const [key = ''] = tables.userEvents.keys();
  tables.other({ partition: 0, offset: 1, timestamp: t0, event: { key, eventTime: t0 } });
  deepStrictEqual([...tables.others.userEvents], [key]);
  tables.add({ partition: 0, offset: 2, timestamp: t0, key: null, value, headers: [] });
  deepStrictEqual([...tables.others.userEvents], []);
});

test('offsets without records are passed, and no record may lie below them', () => {
  const tables = createExpectedTables(1);
  tables.passTo(0, 5);
  const record = { partition: 0, timestamp: t0, key: null, value: at(t0), headers: [] };
  throws(() => tables.add({ ...record, offset: 4 }), /0@4 is not the next/);
  strictEqual(tables.add({ ...record, offset: 5 }), 'on-time');
});
