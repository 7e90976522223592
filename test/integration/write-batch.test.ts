import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import type { Client } from 'cassandra-driver';
import { batchLimits, rowBatches } from '../../functions/ingest/cassandra/batch/row-batches.ts';
import { readServerLimits } from '../../functions/ingest/cassandra/batch/server-limits.ts';
import { cassandraStores } from '../../functions/ingest/cassandra/cassandra-stores.ts';
import { createSession } from '../../functions/ingest/cassandra/connection/session.ts';
import { eventRows, insertUserEvent } from '../../functions/ingest/cassandra/rows/event-rows.ts';
import {
  insertRejectedEvent,
  rejectedEventValues,
} from '../../functions/ingest/cassandra/rows/rejected-events.ts';
import { RejectedRows } from '../../functions/ingest/cassandra/rows/rejected-rows.ts';
import type { Rows } from '../../functions/ingest/cassandra/rows/rows.ts';
import type { FieldValues } from '../../functions/ingest/event/user-event.ts';
import { eventOf, layout } from '../support/events.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { record } from '../support/records.ts';
import { writeEvents } from '../support/stores-contract.ts';
import { storesOptions } from '../support/stores-options.ts';

const keyspace = await openKeyspace();
const session = createSession(keyspace.config, {});
const stores = cassandraStores(session, keyspace.config, layout, storesOptions);
after(async () => {
  await session.close();
  await keyspace[Symbol.asyncDispose]();
});

const t0 = 1_700_000_000_000;
const event = (given: FieldValues = {}) =>
  eventOf({
    user_id: randomUUID(),
    event_time: t0,
    event_id: randomUUID(),
    metadata: new Map([['page', '/']]),
    ...given,
  });
const rowsOf = eventRows(layout);
const countOf = async (userId: string): Promise<number> => {
  const table = `${keyspace.name}.user_events`;
  const rows = await keyspace.rows(
    `SELECT event_id FROM ${table} WHERE user_id = ${userId} AND bucket_date = '2023-11-14'`,
  );
  return rows.length;
};

test('a Cassandra with its own defaults tells that a batch may have ten partitions and 5 KiB', async () => {
  await stores.connect();
  deepStrictEqual(await readServerLimits(session.client as Client), {
    partitions: 10,
    bytes: 5 * 1_024,
  });
});

test('a server that has forgotten the statement is told it again, on the same connection', async () => {
  const before = event();
  await writeEvents(stores, before);
  // The server forgets the statement of a changed table.
  await keyspace.client.execute(`ALTER TABLE ${keyspace.name}.user_events ADD added text`, [], {
    prepare: false,
  });
  const many = Array.from({ length: 30 }, () => event());
  await writeEvents(stores, ...many);
  for (const one of [before, ...many]) strictEqual(await countOf(`${one.get('user_id')}`), 1);
});

/** The metadata of the events: none, the usual, many small entries, few large ones. */
const shapes: readonly ReadonlyMap<string, string>[] = [
  new Map(),
  new Map(Object.entries({ page: '/', session: randomUUID(), device: 'phone' })),
  new Map(Array.from({ length: 60 }, (_, n): [string, string] => [`${n}`, ''])),
  new Map([['text', 'x'.repeat(700)]]),
];

test('no batch draws a warning from the server', async () => {
  const userId = randomUUID();
  for (const metadata of shapes) {
    const events = Array.from({ length: 120 }, (_, n) => ({
      event: event({ metadata, event_time: t0 + n, ...(n % 3 === 0 ? { user_id: userId } : {}) }),
    }));
    const rows = rowsOf(events);
    const batches = rowBatches(rows, batchLimits(keyspace.config), null);
    for (const batch of batches) {
      const { info } = await keyspace.client.batch(
        batch.map((place) => ({
          query: insertUserEvent(keyspace.name, layout),
          params: rows.values(place),
        })),
        { prepare: true, logged: false },
      );
      deepStrictEqual(info.warnings ?? [], []);
    }
  }
});

/** Reads the bytes of a row as the server counts them, from its warning about more than 5 KiB in all. */
const countedOf = async (query: string, rows: Rows): Promise<number> => {
  const queries = Array.from({ length: rows.count }, (_, place) => ({
    query,
    params: rows.values(place),
  }));
  const { info } = await keyspace.client.batch(queries, { prepare: true, logged: false });
  const [, size] = /is of size (\d+)/.exec((info.warnings ?? []).join('\n')) ?? [];
  return Number(size) / rows.count;
};

test('a row is as large as the server counts it, or a few bytes larger: batches are not smaller than they must be', async () => {
  for (const metadata of shapes) {
    const stored = rowsOf([{ event: event({ metadata }) }]).mutationBytes(0);
    // The batch is above the warning threshold, and below the limit.
    const events = Array.from({ length: Math.ceil(10_000 / stored) }, () => ({
      event: event({ metadata }),
    }));
    const rows = rowsOf(events);
    const counted = await countedOf(insertUserEvent(keyspace.name, layout), rows);
    ok(stored >= counted && stored <= counted + 4, `${stored} for ${counted}`);
  }
});

test('a rejected row is no smaller than the server counts it, and at most 20 bytes larger', async () => {
  const rejection = {
    kind: 'rejected',
    reason: 'late',
    detail: 'behind',
    eventTime: t0,
    watermark: t0 + 1,
  } as const;
  const name = { name: 'trace', value: Buffer.alloc(10) };
  for (const headers of [[], [name], [name, name, name]]) {
    const values = Array.from({ length: 30 }, (_, partition) => {
      const one = record({ topic: 'events', partition, value: Buffer.alloc(100), headers });
      return rejectedEventValues(one, rejection, t0, 0);
    });
    const rows = new RejectedRows(values);
    const counted = await countedOf(insertRejectedEvent(keyspace.name), rows);
    const stored = rows.mutationBytes(0);
    ok(stored >= counted && stored <= counted + 20, `${stored} for ${counted}`);
  }
});
