import { after, before, suite } from 'node:test';
import type { types } from 'cassandra-driver';
import { cassandraStores } from '../../functions/ingest/cassandra/cassandra-stores.ts';
import {
  createSession,
  type Session,
} from '../../functions/ingest/cassandra/connection/session.ts';
import type { Reason } from '../../functions/ingest/event/rejection.ts';
import type { Header } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import { layout } from '../support/events.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { fieldsOfRow } from '../support/row-fields.ts';
import { type Kept, type StoresUnderTest, testStores } from '../support/stores-contract.ts';
import { storesOptions } from '../support/stores-options.ts';

let keyspace: TestKeyspace;
let session: Session;
before(async () => {
  keyspace = await openKeyspace();
  session = createSession(keyspace.config, {});
});
after(async () => {
  await session.close();
  await keyspace[Symbol.asyncDispose]();
});

const time = (value: unknown): number => (value as Date).getTime();
const headersOf = (list: types.Tuple[] | null): Header[] =>
  (list ?? []).map((tuple) => ({ name: tuple.get(0), value: tuple.get(1) }));

const underTest = (batches: Settings['batches']) => (): StoresUnderTest => ({
  stores: cassandraStores(session, { ...keyspace.config, batches }, layout, storesOptions),
  async userEvents(userId) {
    const rows = await keyspace.rows(
      `SELECT * FROM ${keyspace.name}.user_events WHERE user_id = ${userId} ALLOW FILTERING`,
    );
    return rows.toSorted((a, b) => time(b['event_time']) - time(a['event_time'])).map(fieldsOfRow);
  },
  async rejected(topic) {
    const rows = await keyspace.rows(
      `SELECT * FROM ${keyspace.name}.rejected_events WHERE topic = '${topic}' ALLOW FILTERING`,
    );
    return rows.map(
      (row): Kept => ({
        record: {
          topic,
          partition: row['partition'],
          offset: row['offset'].toNumber(),
          timestamp: time(row['record_timestamp']),
          key: row['key'],
          value: row['value'],
          headers: headersOf(row['headers']),
        },
        kind: 'rejected',
        reason: row['reason'] as Reason,
        detail: row['detail'],
        ...(row['event_time'] === null ? {} : { eventTime: time(row['event_time']) }),
        ...(row['watermark'] === null ? {} : { watermark: time(row['watermark']) }),
      }),
    );
  },
});

for (const batches of ['frames', 'driver'] as const)
  suite(`rows written by ${batches === 'frames' ? 'our own frames' : 'the driver'}`, () =>
    testStores(underTest(batches)));
