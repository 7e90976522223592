import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import fc from 'fast-check';
import {
  checkpointKey,
  checkpointValues,
  insertCheckpoint,
  selectCheckpoint,
  toCheckpoint,
} from '../../../../../functions/ingest/cassandra/rows/partition-watermarks.ts';
import { earliestTime, latestTime } from '../../../../../functions/ingest/event/readable-time.ts';
import { parseTable } from '../../../../../schema/table-definition.ts';
import { createTables } from '../../../../../schema/tables.ts';
import { driverEncoder } from '../../../../support/driver-encoder.ts';

const table = createTables()
  .map(parseTable)
  .find(({ name }) => name === 'partition_watermarks');

const { bigint, int, map, text, timestamp } = types.dataTypes;
/** The driver's types of the columns, as the table has them. */
const typeOf: Readonly<Record<string, { readonly code: number; readonly info?: unknown }>> = {
  bigint: { code: bigint },
  int: { code: int },
  text: { code: text },
  timestamp: { code: timestamp },
  'frozen<map<bigint, timestamp>>': { code: map, info: [{ code: bigint }, { code: timestamp }] },
};

/** The columns that an INSERT names. */
const columnsOf = (insert: string): string[] => /\((.*?)\)/.exec(insert)?.[1]?.split(', ') ?? [];

/** The row that the driver reads of the values of an INSERT. */
const rowOf = (values: readonly (Buffer | null)[]): types.Row =>
  Object.fromEntries(
    columnsOf(insertCheckpoint('events')).map((column, index) => {
      const type = table?.columns.find(({ name }) => name === column)?.type ?? '';
      return [column, driverEncoder.decode(values[index] ?? null, typeOf[type] ?? { code: 0 })];
    }),
  ) as types.Row;

const time = fc.integer({ min: earliestTime, max: latestTime });
const checkpoints = fc.record(
  {
    nextOffset: fc.maxSafeNat(),
    maxEventTime: fc.option(time),
    earlier: fc
      .uniqueArray(fc.tuple(fc.maxSafeNat(), time), {
        maxLength: 8,
        selector: ([offset]) => offset,
      })
      .map((entries) => new Map(entries.toSorted(([one], [other]) => one - other))),
  },
  { noNullPrototype: true },
);
const partition = { topic: 'page-views', partition: 3 };

test('a checkpoint that was written is read as it was, its earlier ones in rising order whatever order they came in', () => {
  fc.assert(
    fc.property(checkpoints, (checkpoint) => {
      const falling = { ...checkpoint, earlier: new Map([...checkpoint.earlier].toReversed()) };
      const read = toCheckpoint(rowOf(checkpointValues('group', partition, falling, 0)));
      deepStrictEqual(read, checkpoint);
      deepStrictEqual([...read.earlier], [...checkpoint.earlier]);
    }),
  );
});

test('a checkpoint without earlier ones, which the table has null for, has none', () => {
  const row = { next_offset: types.Long.fromNumber(7), max_event_time: null, earlier: null };
  deepStrictEqual(toCheckpoint(row as unknown as types.Row), {
    nextOffset: 7,
    maxEventTime: null,
    earlier: new Map(),
  });
});

test('a checkpoint is kept by consumer group, topic and partition, with the time at which it was written', () => {
  const checkpoint = { nextOffset: 1, maxEventTime: null, earlier: new Map<number, number>() };
  const values = checkpointValues('group', partition, checkpoint, 1_700_000_000_000);
  const { consumer_group, topic, partition: number, updated_at } = rowOf(values) as types.Row;
  deepStrictEqual(
    { consumer_group, topic, number, updated_at },
    {
      consumer_group: 'group',
      topic: 'page-views',
      number: 3,
      updated_at: new Date(1_700_000_000_000),
    },
  );
  deepStrictEqual(checkpointKey('group', partition), values.slice(0, 3));
});

test('a checkpoint is looked for by the whole key of its table', () => {
  const [, condition = ''] = selectCheckpoint('events').split(' WHERE ');
  deepStrictEqual(
    condition.split(' AND ').map((one) => one.replace(' = ?', '')),
    [...(table?.partitionKey ?? []), ...(table?.clusteringKey ?? []).map(({ name }) => name)],
  );
});
