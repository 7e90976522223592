import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { replicasOf } from '../../functions/ingest/cassandra/batch/replicas.ts';
import { cassandraStores } from '../../functions/ingest/cassandra/cassandra-stores.ts';
import { createSession } from '../../functions/ingest/cassandra/connection/session.ts';
import { eventRows } from '../../functions/ingest/cassandra/rows/event-rows.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import { openKeyspace } from '../../local/keyspace.ts';
import { startCassandraCluster } from '../../local/servers/cassandra-cluster.ts';
import { eventOf, layout } from '../support/events.ts';
import { storesOptions } from '../support/stores-options.ts';

const events = Array.from({ length: 600 }, (_, n) =>
  eventOf({ user_id: randomUUID(), event_time: 1_700_000_000_000 + n, event_id: randomUUID() }),
);
const rowsOf = eventRows(layout);
const routingKeyOf = (event: UserEvent): Buffer => rowsOf([{ event }]).routingKey(0);

test('rows that only some nodes have go to one that has them, in no more requests than else', async () => {
  await using cluster = await startCassandraCluster();
  await using keyspace = await openKeyspace({
    bootstrapServers: [],
    cassandra: {
      CASSANDRA_CONTACT_POINTS: cluster.contactPoints.join(','),
      CASSANDRA_LOCAL_DATACENTER: cluster.localDataCenter,
      CASSANDRA_TLS: 'off',
    },
    externalCassandra: false,
    [Symbol.asyncDispose]: async () => {},
  });
  const { name, config } = keyspace;
  const statement = (query: string) => keyspace.client.execute(query, [], { prepare: false });
  /** Writes all events; gives for each request the nodes that have its rows. */
  const write = async (): Promise<Set<string | null>[]> => {
    const session = createSession(config, {});
    await session.connect();
    const stores = cassandraStores(session, config, layout, storesOptions);
    const requests = stores.planUserEventWrites(events.map((event) => ({ event })));
    const { client } = session;
    ok(client !== null);
    const nodes = requests.map(
      ({ rows }) => new Set(rows.map(({ event }) => replicasOf(client, name, routingKeyOf(event)))),
    );
    for (const request of requests) await request.write();
    await session.close();
    return nodes;
  };
  const count = async (): Promise<number> => {
    const rows = await Array.fromAsync(keyspace.stream(`SELECT event_id FROM ${name}.user_events`));
    return rows.length;
  };

  const anywhere = await write();
  strictEqual(await count(), events.length);
  for (const nodes of anywhere) deepStrictEqual(nodes, new Set([null]));

  await statement(
    `ALTER KEYSPACE ${name} WITH replication = {'class': 'NetworkTopologyStrategy', '${config.localDataCenter}': 1}`,
  );
  await statement(`TRUNCATE ${name}.user_events`);
  const divided = await write();
  strictEqual(await count(), events.length);
  strictEqual(divided.length, anywhere.length);
  strictEqual(new Set(divided.flatMap((nodes) => [...nodes])).size, 3);
  // Only a request between the rows of two nodes has rows of both.
  ok(divided.filter(({ size }) => size > 1).length <= 2);
});
