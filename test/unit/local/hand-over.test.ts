import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { cqlshLines, exportLines, lookAt } from '../../../local/hand-over.ts';

const servers = {
  bootstrapServers: ['127.0.0.1:19092'],
  cassandra: {
    CASSANDRA_CONTACT_POINTS: '127.0.0.1:19042',
    CASSANDRA_LOCAL_DATACENTER: 'datacenter1',
    CASSANDRA_TLS: 'off',
  },
  externalCassandra: false,
  externalKafka: false,
} as const;

test('the lines for another terminal set every variable of servers that were started, within 80 columns', () => {
  const lines = exportLines({ servers, keyspace: 'k' });
  ok(
    lines.every((line) => line.startsWith('export ') && line.length <= 78),
    lines.join('\n'),
  );
  deepStrictEqual(lines.join(' ').replaceAll('export ', '').split(' '), [
    'KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:19092',
    'CASSANDRA_CONTACT_POINTS=127.0.0.1:19042',
    'CASSANDRA_LOCAL_DATACENTER=datacenter1',
    'CASSANDRA_TLS=off',
    'CASSANDRA_KEYSPACE=k',
  ]);
});

test('of a person’s own servers nothing is repeated, and no login is guessed', () => {
  const own = { ...servers, externalCassandra: true, externalKafka: true };
  deepStrictEqual(exportLines({ servers: own, keyspace: 'k' }), ['export CASSANDRA_KEYSPACE=k']);
  deepStrictEqual(cqlshLines({ servers: own, keyspace: 'k' }), []);
});

test('a value that a shell would read is quoted', () => {
  const cassandra = { ...servers.cassandra, CASSANDRA_LOCAL_DATACENTER: "it's $HOME" };
  ok(
    exportLines({ servers: { ...servers, cassandra }, keyspace: 'k' })
      .join(' ')
      .includes(`CASSANDRA_LOCAL_DATACENTER='it'\\''s $HOME'`),
  );
});

test('a keyspace is named where it is not the usual one', () => {
  deepStrictEqual(
    [lookAt('user_events'), lookAt('other')],
    [
      'npm run cql -- "SELECT * FROM user_events LIMIT 5"',
      'npm run cql -- --keyspace other "SELECT * FROM user_events LIMIT 5"',
    ],
  );
});
