import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import { cassandraStores } from '../../functions/ingest/cassandra/cassandra-stores.ts';
import { statements } from '../../functions/ingest/cassandra/connection/prepare.ts';
import { createSession } from '../../functions/ingest/cassandra/connection/session.ts';
import { UnavailableError } from '../../functions/ingest/pipeline/errors.ts';
import type { Stores } from '../../functions/ingest/pipeline/stores.ts';
import { eventPlan } from '../../schema/event-plan.ts';
import { operationsTable } from '../../schema/tables.ts';
import { eventOf } from '../support/events.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { record } from '../support/records.ts';
import { writeEvents, writeRejected } from '../support/stores-contract.ts';
import { storesOptions } from '../support/stores-options.ts';

const layoutFor = ({ config }: TestKeyspace) => new EventLayout(eventPlan(config));
const reject = (stores: Stores): Promise<void> =>
  writeRejected(stores, record(), { kind: 'rejected', reason: 'late', detail: 'too late' });

/** Lists the server's prepared statements for a keyspace, by its tables. */
const preparedFor = async ({ name, rows }: TestKeyspace): Promise<string[]> => {
  const all = await rows('SELECT query_string FROM system.prepared_statements');
  const texts = all.map((row) => String(row['query_string']));
  return texts.filter((text) => text.includes(`${name}.`)).sort();
};

const open = (keyspace: TestKeyspace) => {
  const session = createSession(keyspace.config, {});
  return Object.assign(session, { [Symbol.asyncDispose]: () => session.close() });
};

for (const [batches, bucket] of [
  ['frames', 'day'],
  ['driver', 'hour'],
] as const)
  test(`the statements that the start has prepared are all that batches need, by ${batches} with a bucket of one ${bucket}`, async () => {
    await using keyspace = await openKeyspace({ CASSANDRA_BATCHES: batches, BUCKET: bucket });
    await using session = open(keyspace);
    const layout = layoutFor(keyspace);
    await session.connect(statements(keyspace.config, layout));
    const prepared = await preparedFor(keyspace);
    strictEqual(prepared.length, 4);

    const stores = cassandraStores(session, keyspace.config, layout, storesOptions);
    await stores.readCheckpoint(record());
    await writeEvents(stores, eventOf({}, layout));
    await reject(stores);
    await stores.writeCheckpoint(record(), {
      nextOffset: 1,
      maxEventTime: null,
      earlier: new Map(),
    });
    deepStrictEqual(await preparedFor(keyspace), prepared);
  });

test('the function prepares and writes everything where the table of operations is missing', async () => {
  await using keyspace = await openKeyspace();
  const drop = `DROP TABLE ${keyspace.name}.${operationsTable}`;
  await keyspace.client.execute(drop, [], { prepare: false });
  await using session = open(keyspace);
  const layout = layoutFor(keyspace);
  await session.connect(statements(keyspace.config, layout));
  strictEqual((await preparedFor(keyspace)).length, 4);
  const stores = cassandraStores(session, keyspace.config, layout, storesOptions);
  await writeEvents(stores, eventOf());
  await reject(stores);
  strictEqual((await keyspace.rows(`SELECT * FROM ${keyspace.name}.rejected_events`)).length, 1);
});

test('a statement that cannot be prepared does not keep the function from starting, and is told by what needs it', async () => {
  await using keyspace = await openKeyspace();
  const drop = `DROP TABLE ${keyspace.name}.rejected_events`;
  await keyspace.client.execute(drop, [], { prepare: false });
  await using session = open(keyspace);
  const layout = layoutFor(keyspace);
  await session.connect(statements(keyspace.config, layout));
  strictEqual((await preparedFor(keyspace)).length, 3);

  const stores = cassandraStores(session, keyspace.config, layout, storesOptions);
  await writeEvents(stores, eventOf());
  await rejects(
    reject(stores),
    (error) => error instanceof UnavailableError && /rejected_events/.test(error.message),
  );
});
