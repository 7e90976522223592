import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import { cassandraStores } from '../../functions/ingest/cassandra/cassandra-stores.ts';
import { createSession } from '../../functions/ingest/cassandra/connection/session.ts';
import type { FieldValues } from '../../functions/ingest/event/user-event.ts';
import type { Environment } from '../../functions/ingest/settings/read-settings.ts';
import { eventPlan } from '../../schema/event-plan.ts';
import { eventId, userId } from '../support/avro.ts';
import { eventOf } from '../support/events.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { record } from '../support/records.ts';
import { writeEvents, writeRejected } from '../support/stores-contract.ts';
import { storesOptions } from '../support/stores-options.ts';

const eventTime = Date.UTC(2026, 2, 10, 23, 59, 59, 999);

/** Opens the tables of these settings, with the function's stores. */
const openStores = async (settings: Partial<Environment>) => {
  await using opened = new AsyncDisposableStack();
  const keyspace = opened.use(await openKeyspace(settings));
  const session = createSession(keyspace.config, {});
  opened.defer(() => session.close());
  const owned = opened.move();
  const layout = new EventLayout(eventPlan(keyspace.config));
  return {
    stores: cassandraStores(session, keyspace.config, layout, storesOptions),
    event: (given: FieldValues = {}) => eventOf({ event_time: eventTime, ...given }, layout),
    select: (what: string) => keyspace.rows(what.replace('FROM ', `FROM ${keyspace.name}.`)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

test('BUCKET=hour: one partition a user, day and hour', async () => {
  await using opened = await openStores({ BUCKET: 'hour' });
  await writeEvents(opened.stores, opened.event());
  const rows = await opened.select(
    `SELECT event_id FROM user_events WHERE user_id = ${userId} AND bucket_date = '2026-03-10' AND bucket_hour = 23`,
  );
  deepStrictEqual(
    rows.map((row) => String(row['event_id'])),
    [eventId],
  );
});

test('EVENT_ID_IN_KEY=on: events that differ in event_id alone are two rows', async () => {
  await using opened = await openStores({ EVENT_ID_IN_KEY: 'on' });
  const other = '33333333-3333-4333-8333-333333333333';
  for (const event_id of [eventId, other, eventId])
    await writeEvents(opened.stores, opened.event({ event_id }));
  const rows = await opened.select('SELECT event_id FROM user_events');
  deepStrictEqual(rows.map((row) => String(row['event_id'])).sort(), [eventId, other]);
});

for (const [days, seconds] of [
  ['1', 86_400],
  ['0', null],
] as const)
  test(`REJECTED_TTL_DAYS=${days}: a rejected record is kept ${seconds === null ? 'for ever' : 'a day'}`, async () => {
    await using opened = await openStores({ REJECTED_TTL_DAYS: days });
    await writeRejected(opened.stores, record(), {
      kind: 'rejected',
      reason: 'tombstone',
      detail: '',
    });
    const [row] = await opened.select('SELECT ttl(reason) AS ttl FROM rejected_events');
    // Some seconds of the TTL may be over.
    const left: number | null = row?.['ttl'] ?? null;
    deepStrictEqual(left === null ? null : Math.ceil(left / 3_600) * 3_600, seconds);
  });
