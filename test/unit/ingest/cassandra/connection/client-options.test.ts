import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Client, types } from 'cassandra-driver';
import { clientOptions } from '../../../../../functions/ingest/cassandra/connection/client-options.ts';

const { localQuorum } = types.consistencies;
const cassandra = { contactPoints: ['10.0.0.1'], localDataCenter: 'dc1', tls: true, ca: null };
const keyspaces = {
  ...cassandra,
  contactPoints: ['cassandra.eu-west-1.amazonaws.com:9142'],
  localDataCenter: 'eu-west-1',
};

for (const [name, config] of Object.entries({ cassandra, keyspaces })) {
  test(`on ${name} no timer of the driver’s goes off while the function is frozen, and no retry is hidden in it`, () => {
    const { pooling, policies } = clientOptions(config, null);
    strictEqual(pooling?.heartBeatInterval, 0);
    strictEqual(policies?.retry?.constructor.name, 'FallthroughRetryPolicy');
    strictEqual(policies?.speculativeExecution, undefined);
  });

  test(`on ${name} a write is acknowledged by a quorum, and the server is verified`, () => {
    const { queryOptions, sslOptions } = clientOptions(config, null);
    strictEqual(queryOptions?.consistency, localQuorum);
    strictEqual(sslOptions?.rejectUnauthorized, true);
  });

  test(`on ${name} an answer is waited for no longer than the deadlines allow for`, () => {
    // functions/ingest/pipeline/deadlines.ts keeps 4 s for it.
    strictEqual(clientOptions(config, null).socketOptions?.readTimeout, 4_000);
  });
}

test('without TLS nothing is encrypted', () => {
  strictEqual(clientOptions({ ...cassandra, tls: false }, null).sslOptions, undefined);
});

test('Keyspaces’ peers are load balancers: asked in turn, by its own port, without a token map', () => {
  const options = clientOptions(keyspaces, null);
  deepStrictEqual([options.protocolOptions?.port, options.isMetadataSyncEnabled], [9142, false]);
  strictEqual(options.policies?.loadBalancing?.constructor.name, 'DCAwareRoundRobinPolicy');
});

// cassandra-driver 4.10.0 connects anew after a shutdown if all connections were lost: session.ts empties this array.
test('the driver keeps the very array of contact points that it is given, and each client has its own', () => {
  const options = clientOptions(cassandra, null);
  const client = new Client(options) as Client & { options: typeof options };
  ok(Array.isArray(options.contactPoints));
  strictEqual(client.options.contactPoints, options.contactPoints);
  notStrictEqual(options.contactPoints, cassandra.contactPoints);
});

// All nodes but the one that was asked were looked for at 9042, whatever the contact points said.
test('nodes that are found through the contact points are looked for at the port of the first', () => {
  const optionsOf = (...contactPoints: string[]) => {
    const config = { contactPoints, localDataCenter: 'dc1', tls: false, ca: null };
    const { contactPoints: points, protocolOptions } = clientOptions(config, null);
    return [points, protocolOptions?.port];
  };
  deepStrictEqual(optionsOf('one:9043', 'two'), [['one:9043', 'two:9042'], 9043]);
  deepStrictEqual(optionsOf('one', 'two:9043'), [['one:9042', 'two:9043'], 9042]);
  deepStrictEqual(optionsOf('[::1]:9043'), [['[::1]:9043'], 9043]);
  deepStrictEqual(optionsOf('cassandra.eu-west-1.amazonaws.com'), [
    ['cassandra.eu-west-1.amazonaws.com:9142'],
    9142,
  ]);
});
