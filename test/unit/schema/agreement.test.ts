import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { eventRows, insertUserEvent } from '../../../functions/ingest/cassandra/rows/event-rows.ts';
import {
  checkpointKey,
  checkpointValues,
  insertCheckpoint,
} from '../../../functions/ingest/cassandra/rows/partition-watermarks.ts';
import {
  insertRejectedEvent,
  rejectedEventValues,
} from '../../../functions/ingest/cassandra/rows/rejected-events.ts';
import { parseTable } from '../../../schema/table-definition.ts';
import { createTables } from '../../../schema/tables.ts';
import userEvent from '../../../schema/user-event.avsc.json' with { type: 'json' };
import { eventOf, layoutOf } from '../../support/events.ts';
import { record } from '../../support/records.ts';

/** The columns of `user_events` that are computed from `event_time`, and are no field of the event. */
const derived = ['bucket_date', 'bucket_hour'];

/** The columns that an INSERT names, in its order, and how many values it takes for them. */
const insertOf = (statement: string) => {
  const [, names = '', values = ''] = /\((.*?)\) VALUES \((.*?)\)/.exec(statement) ?? [];
  return {
    columns: names.split(', ').map((name) => name.replaceAll('"', '')),
    values: values.split(', ').filter((value) => value === '?').length,
  };
};

const columnsOf = (table: string, bucket: 'day' | 'hour'): string[] => {
  const statement = createTables({ bucket, eventIdInKey: false, rejectedTtlSeconds: 60 }).find(
    (one) => parseTable(one).name === table,
  );
  return parseTable(statement ?? '').columns.map(({ name }) => name);
};

for (const bucket of ['day', 'hour'] as const)
  test(`with BUCKET=${bucket}, the event’s fields, the table’s columns, the INSERT and its values are the same list`, () => {
    const columns = columnsOf('user_events', bucket);
    const layout = layoutOf({ bucket });
    const insert = insertOf(insertUserEvent('events', layout));
    const event = eventOf({ metadata: new Map([['page', '/']]) }, layout);
    const rows = eventRows(layout)([{ event }]);
    const fields = userEvent.fields.map(({ name }) => name);

    deepStrictEqual(insert.columns, columns);
    deepStrictEqual(insert.values, columns.length);
    deepStrictEqual(rows.columns, columns.length);
    deepStrictEqual(rows.values(0).length, columns.length);
    deepStrictEqual(Object.keys(event.toObject()), fields);
    deepStrictEqual(
      columns.filter((name) => !derived.includes(name)).toSorted(),
      fields.toSorted(),
    );
  });

test('each column of rejected_events is in its INSERT, and each has a value', () => {
  const columns = columnsOf('rejected_events', 'day');
  const insert = insertOf(insertRejectedEvent('events'));
  const values = rejectedEventValues(
    record({}),
    { kind: 'rejected', reason: 'tombstone', detail: '' },
    0,
    60,
  );
  // The last value is the TTL.
  deepStrictEqual([insert.columns, insert.values], [columns, columns.length]);
  deepStrictEqual(values.length, columns.length + 1);
});

test('each column of partition_watermarks is in its INSERT, and each has a value', () => {
  const columns = columnsOf('partition_watermarks', 'day');
  const insert = insertOf(insertCheckpoint('events'));
  const checkpoint = { nextOffset: 1, maxEventTime: 0, earlier: new Map<number, number>() };
  const partition = { topic: 'user-events', partition: 0 };
  deepStrictEqual([insert.columns, insert.values], [columns, columns.length]);
  deepStrictEqual(checkpointValues('group', partition, checkpoint, 0).length, columns.length);
  deepStrictEqual(checkpointKey('group', partition).length, 3);
});
