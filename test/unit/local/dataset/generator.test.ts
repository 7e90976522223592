import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { readRecord } from '../../../../cli/verify/rules/read-avro.ts';
import type { FieldType } from '../../../../cli/verify/rules/schema-fields.ts';
import { createExpectedTables } from '../../../../local/dataset/expected-tables.ts';
import type { GeneratedRecord } from '../../../../local/dataset/generated-record.ts';
import { generate, rates } from '../../../../local/dataset/generator.ts';
import { makeOtherFields } from '../../../../local/dataset/other-fields.ts';
import { createRandom } from '../../../../local/dataset/random.ts';
import { startTimeOf } from '../../../../local/dataset/start-time.ts';

const startTime = Date.UTC(2026, 2, 10, 23, 50);
const records = (count: number, given: { seed?: number; partitions?: number } = {}) =>
  generate({ seed: 1, partitions: 6, startTime, step: 12, ...given })
    .take(count)
    .toArray();
const eventOf = ({ intent }: GeneratedRecord) => (intent.kind === 'broken' ? null : intent.event);

test('the same seed makes the same records, another seed others', () => {
  deepStrictEqual(records(500), records(500));
  ok(JSON.stringify(records(500)) !== JSON.stringify(records(500, { seed: 2 })));
});

/** Everything of a record but the fields that its schema may have more than the generator knows by name. */
const known = ({ value: _, intent, ...record }: GeneratedRecord): unknown => {
  if (intent.kind === 'broken') return [record, intent];
  const { user_id, event_type, event_time, event_id, metadata } = intent.event;
  const entries = Object.entries(metadata);
  return [record, intent.kind, user_id, event_type, event_time, event_id, entries];
};

test('a seed makes the records that it has always made, whatever fields the schema has gained', () => {
  const hash = createHash('sha256');
  for (const record of records(20_000)) hash.update(JSON.stringify(known(record)));
  strictEqual(hash.digest('hex').slice(0, 16), '06cc8f84f074dde5');
});

test('a field that the generator does not know by name has values of its type, null half of the time where it may be null', () => {
  const types = [
    'uuid',
    'string',
    'time',
    'long',
    'int',
    'boolean',
    'double',
    'bytes',
    'map',
  ] as const;
  const fieldsOfAll = types.flatMap((type) =>
    [null, 0, 1].map((nullAt) => ({
      name: `${type}_${nullAt}`,
      aliases: [],
      type,
      nullAt,
      fallback: undefined,
    })),
  );
  const random = createRandom(1);
  const made = Array.from({ length: 1_000 }, () => makeOtherFields(fieldsOfAll, random));
  const schema = avro.Type.forSchema(
    {
      type: 'record',
      name: 'Made',
      fields: fieldsOfAll.map(({ name, type, nullAt }) => {
        const inner = avroTypes[type] as never;
        const union = nullAt === 0 ? ['null', inner] : [inner, 'null'];
        return { name, type: nullAt === null ? inner : union };
      }),
    } as avro.Schema,
    { wrapUnions: false },
  );
  for (const values of made) {
    const read = readRecord(fieldsOfAll, schema.toBuffer(values)) ?? {};
    for (const { name, type } of fieldsOfAll)
      deepStrictEqual(read[name], asRead(type, values[name]));
  }
  for (const { name, nullAt } of fieldsOfAll) {
    const nulls = made.filter((values) => values[name] === null).length;
    ok(nullAt === null ? nulls === 0 : nulls > 400 && nulls < 600, `${name}: ${nulls} nulls`);
    ok(new Set(made.map((values) => JSON.stringify(values[name]))).size > 1);
  }
});

/** Reads the values that avsc has encoded, as local/dataset does. */
const asRead = (type: FieldType, value: unknown): unknown => {
  if (value === null) return null;
  if (type === 'long') return BigInt(value as number);
  return type === 'map' ? new Map(Object.entries(value as object)) : value;
};

const avroTypes: Readonly<Record<FieldType, unknown>> = {
  uuid: { type: 'string', logicalType: 'uuid' },
  string: 'string',
  time: { type: 'long', logicalType: 'timestamp-millis' },
  long: 'long',
  int: 'int',
  boolean: 'boolean',
  double: 'double',
  bytes: 'bytes',
  map: { type: 'map', values: 'string' },
};

test('offsets are contiguous in every partition, and a user is always in the same one', () => {
  const next = new Map<number, number>();
  const home = new Map<string, number>();
  for (const record of records(20_000, { partitions: 7 })) {
    strictEqual(record.offset, next.get(record.partition) ?? 0);
    next.set(record.partition, record.offset + 1);
    const user = eventOf(record)?.user_id.toLowerCase();
    if (user === undefined) continue;
    strictEqual(home.get(user) ?? record.partition, record.partition);
    home.set(user, record.partition);
  }
  strictEqual(next.size, 7);
});

test('each generated record becomes what the generator means by the rules, for any seed and number of partitions', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      fc.integer({ min: 1, max: 9 }),
      (seed, partitions) => {
        const expectedTables = createExpectedTables(partitions);
        for (const record of records(3_000, { seed, partitions })) {
          const { intent } = record;
          strictEqual(
            expectedTables.add(record),
            intent.kind === 'broken' ? intent.reason : intent.kind,
          );
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('every kind occurs about as often as it says', () => {
  const expectedTables = createExpectedTables(6);
  const all = records(50_000);
  for (const record of all) expectedTables.add(record);
  const { counts } = expectedTables;
  const about = (count: number, perTenThousand: number) => {
    const expected = perTenThousand * 5;
    ok(count > expected * 0.7 && count < expected * 1.3, `${count} where ${expected} are due`);
  };
  about(counts.rejected.late, rates.late + rates.barelyLate);
  about(counts.rejected.tombstone, rates.tombstone);
  about(counts.rejected.undecodable, rates.undecodable);
  about(counts.future, rates.future);
  const { invalid_uuid, invalid_event_type, invalid_event_time } = counts.rejected;
  about(invalid_uuid + invalid_event_type + invalid_event_time, rates.invalid);
  ok(Math.min(invalid_uuid, invalid_event_type, invalid_event_time) > 0);
  about(all.filter(({ key }) => key === null).length, rates.nullKey);
  about(all.filter(({ headers }) => headers.length > 0).length, rates.headers);
  about(all.filter((one) => /[A-Z]/.test(eventOf(one)?.user_id ?? '')).length, rates.upperCase);
  ok(counts.collisions > 50);
  about(all.filter((one) => eventOf(one)?.event_type.length === 400).length, rates.longestType);
  ok(all.some((one) => Object.keys(eventOf(one)?.metadata ?? {}).includes('__proto__')));
  ok(all.some((one) => Object.keys(eventOf(one)?.metadata ?? { a: '' }).length === 0));
  ok(all.some(({ headers }) => new Set(headers.map(([name]) => name)).size < headers.length));
});

test('10,000 events have every kind, whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
      const { counts } = records(10_000, { seed }).reduce((expectedTables, record) => {
        expectedTables.add(record);
        return expectedTables;
      }, createExpectedTables(6));
      const { onTime, future, collisions, rejected } = counts;
      // None of the generator's is too large; test/chaos makes those.
      const { refused, invalid_metadata, ...broken } = rejected;
      strictEqual(refused + invalid_metadata, 0);
      ok(Object.values({ onTime, future, collisions, ...broken }).every((count) => count > 0));
    }),
    { numRuns: 10 },
  );
});

test('events just within and just beyond the two minutes occur, and the nearest of the future', () => {
  const expectedTables = createExpectedTables(6);
  const behind = new Set<number>();
  const ahead = new Set<number>();
  for (const record of records(20_000)) {
    const { max } = expectedTables.partitions[record.partition] ?? {};
    const time = eventOf(record)?.event_time;
    expectedTables.add(record);
    if (time === undefined) continue;
    if (typeof max === 'number') behind.add(max - time);
    ahead.add(time - record.timestamp);
  }
  ok([120_000, 120_001].every((bound) => behind.has(bound)));
  ok(ahead.has(120_001));
});

test('rows are taken by another event at once, and after many others', () => {
  const last = new Map<string, number>();
  const between = records(50_000).flatMap((record, index) => {
    if (record.intent.kind !== 'on-time') return [];
    const { user_id, event_time, event_type } = record.intent.event;
    const key = `${user_id.toLowerCase()} ${event_time} ${event_type}`;
    const found = last.get(key);
    last.set(key, index);
    return found === undefined ? [] : [index - found];
  });
  ok(between.filter((count) => count < 100).length > 50);
  ok(between.filter((count) => count > 2_000).length > 50);
});

test('no record is of the wall clock’s future, and only events meant to be run ahead of theirs', () => {
  const now = Date.now();
  const [events, step] = [20_000, 12];
  const stream = generate({
    seed: 3,
    partitions: 6,
    startTime: startTimeOf(now, events * step),
    step,
  });
  for (const { timestamp, intent } of stream.take(events)) {
    ok(timestamp <= now);
    if (intent.kind === 'on-time') ok(intent.event.event_time <= timestamp);
  }
});

test('events lie out of order, and on both sides of UTC midnight', () => {
  const times = records(100_000).flatMap((one) =>
    one.intent.kind === 'on-time' ? [one.intent.event.event_time] : [],
  );
  const midnight = Date.UTC(2026, 2, 11);
  ok(times.filter((time) => time < midnight).length > 40_000);
  ok(times.filter((time) => time >= midnight).length > 40_000);
  ok(times.filter((time, index) => time < Number(times[index - 1])).length > 10_000);
});

test('a run begins half of its span before a midnight, and ends before now', () => {
  const times = { min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) };
  fc.assert(
    fc.property(fc.integer(times), fc.integer({ min: 2, max: 5 * 86_400_000 }), (now, span) => {
      const start = startTimeOf(now, span);
      ok(start + span <= now + 1);
      strictEqual((start + Math.floor(span / 2)) % 86_400_000, 0);
    }),
  );
});
