import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'cassandra-driver';
import { type CassandraServer, startCassandra } from '../../local/servers/cassandra.ts';

const connect = ({ contactPoints, localDataCenter }: CassandraServer) => {
  const client = new Client({ contactPoints: [...contactPoints], localDataCenter });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.shutdown() });
};

// Without durable writes a kill loses the acknowledged rows of the last 100 ms, and a fault test would blame the function.
test('a durable Cassandra that is killed and begun again has every acknowledged row', async () => {
  await using server = await startCassandra({ durable: true });
  const ids = Array.from({ length: 200 }, (_, id) => id);
  {
    await using client = connect(server);
    await client.execute(
      "CREATE KEYSPACE kept WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
    );
    await client.execute('CREATE TABLE kept.rows (id int PRIMARY KEY)');
    const insert = (id: number) =>
      client.execute('INSERT INTO kept.rows (id) VALUES (?)', [id], { prepare: true });
    await Promise.all(ids.map(insert));
    await server.process.kill();
  }
  await server.process.restart();

  await using client = connect(server);
  const { rows } = await client.execute('SELECT id FROM kept.rows');
  deepStrictEqual(
    rows.map((row) => row['id'] as number).sort((a, b) => a - b),
    ids,
  );
});
