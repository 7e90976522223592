import { deepStrictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setImmediate as answers } from 'node:timers/promises';
import type { Client } from 'cassandra-driver';
import { cassandraStores } from '../../../../functions/ingest/cassandra/cassandra-stores.ts';
import type { Session } from '../../../../functions/ingest/cassandra/connection/session.ts';
import type { Settings } from '../../../../functions/ingest/settings/read-settings.ts';
import { eventOf, layout } from '../../../support/events.ts';
import { storesOptions } from '../../../support/stores-options.ts';

/** A client whose only node takes batches of so many partitions; it counts the questions, and answers them in its time. */
const clientOf = (partitions: number, answered: Promise<void> = Promise.resolve()) => {
  const answer = {
    unlogged_batch_across_partitions_warn_threshold: `${partitions}`,
    batch_size_warn_threshold: '1MiB',
    batch_size_fail_threshold: '1MiB',
  };
  const counted = { questions: 0 };
  const client = {
    hosts: { length: 1 },
    getReplicas: () => null,
    getState: () => ({ getConnectedHosts: () => ['node'] }),
    execute: async () => {
      counted.questions += 1;
      await answered;
      return { rows: Object.entries(answer).map(([name, value]) => ({ name, value })) };
    },
  } as unknown as Client;
  return { client, counted };
};

const settings = {
  contactPoints: ['127.0.0.1'],
  keyspace: 'events',
  consumerGroup: 'group',
  batches: 'frames',
  batchPartitions: null,
  batchKibibytes: null,
  rejectedTtlSeconds: 0,
} as const satisfies Partial<Settings>;

/** A session that has this client, until it gets another one. */
const sessionOf = (client: Client | null) => {
  const session = { client, connect: async () => {}, close: async () => {} };
  return session as typeof session & Session;
};

const events = Array.from({ length: 60 }, () => ({ event: eventOf({ user_id: randomUUID() }) }));

test('batches are as large as the nodes take, also behind a start that could not connect, and behind a new client', async () => {
  const session = sessionOf(null);
  const stores = cassandraStores(session, settings, layout, storesOptions);
  const sizes = (): number[] => stores.planUserEventWrites(events).map(({ rows }) => rows.length);
  deepStrictEqual(sizes(), [10, 10, 10, 10, 10, 10]);

  const first = clientOf(30);
  session.client = first.client;
  sizes();
  await answers();
  deepStrictEqual(sizes(), [30, 30]);

  const second = clientOf(20);
  session.client = second.client;
  deepStrictEqual(sizes(), [30, 30], 'nobody waits for the answer');
  await answers();
  deepStrictEqual(sizes(), [20, 20, 20]);
  deepStrictEqual([first.counted.questions, second.counted.questions], [1, 1]);
});

test('the late answer of a client that was replaced does not undo the limits of its successor', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const session = sessionOf(clientOf(30, answered).client);
  const stores = cassandraStores(session, settings, layout, storesOptions);
  const sizes = (): number[] => stores.planUserEventWrites(events).map(({ rows }) => rows.length);
  sizes();
  session.client = clientOf(20).client;
  sizes();
  await answers();
  answer();
  await answers();
  deepStrictEqual(sizes(), [20, 20, 20]);
});

test('nodes are not asked for limits that are set', async () => {
  const { client, counted } = clientOf(30);
  const set = { ...settings, batchPartitions: 15, batchKibibytes: 100 };
  const stores = cassandraStores(sessionOf(client), set, layout, storesOptions);
  await stores.connect();
  deepStrictEqual(
    stores.planUserEventWrites(events).map(({ rows }) => rows.length),
    [15, 15, 15, 15],
  );
  deepStrictEqual(counted.questions, 0);
});
