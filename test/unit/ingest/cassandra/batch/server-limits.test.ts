import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from 'cassandra-driver';
import {
  limitsOf,
  readServerLimits,
} from '../../../../../functions/ingest/cassandra/batch/server-limits.ts';

type Answer = Readonly<Record<string, string | null>> | Error;

const usual = {
  unlogged_batch_across_partitions_warn_threshold: '10',
  batch_size_warn_threshold: '5KiB',
  batch_size_fail_threshold: '50KiB',
};

/** A client that is connected to nodes with these settings. */
const clientOf = (...answers: readonly Answer[]): Client =>
  ({
    getState: () => ({ getConnectedHosts: () => answers }),
    execute: async (_query: string, _values: unknown[], { host }: { host: Answer }) => {
      if (host instanceof Error) throw host;
      return { rows: Object.entries(host).map(([name, value]) => ({ name, value })) };
    },
  }) as unknown as Client;

for (const [what, settings, limits] of [
  ['Cassandra 4.1', usual, { partitions: 10, bytes: 5_120 }],
  [
    'Cassandra 5.0, which has some thresholds under two names',
    { ...usual, batch_size_warn_threshold_in_kb: '5' },
    { partitions: 10, bytes: 5_120 },
  ],
  [
    'Cassandra 4.0, which has the unit in the name',
    {
      unlogged_batch_across_partitions_warn_threshold: '20',
      batch_size_warn_threshold_in_kb: '64',
      batch_size_fail_threshold_in_kb: '640',
    },
    { partitions: 20, bytes: 65_536 },
  ],
  [
    'a node that refuses what it does not warn of',
    { ...usual, batch_size_warn_threshold: '1MiB' },
    { partitions: 10, bytes: 51_200 },
  ],
  ['a node that lacks a setting', { batch_size_warn_threshold: '5KiB' }, null],
  ['a threshold that is switched off', { ...usual, batch_size_warn_threshold: '-1' }, null],
  ['a size in an unknown unit', { ...usual, batch_size_warn_threshold: '5 KB' }, null],
  ['a setting that is null', { ...usual, batch_size_fail_threshold: null }, null],
] as const)
  test(`the limits of a batch are read from the settings of ${what}`, () => {
    deepStrictEqual(limitsOf(new Map(Object.entries(settings))), limits);
  });

test('the node that takes the smallest batch counts for the cluster', async () => {
  const large = {
    ...usual,
    unlogged_batch_across_partitions_warn_threshold: '100',
    batch_size_warn_threshold: '40KiB',
  };
  const many = { ...large, batch_size_warn_threshold: '20KiB' };
  deepStrictEqual(await readServerLimits(clientOf(large, many, large)), {
    partitions: 100,
    bytes: 20_480,
  });
});

test('the limits of a batch are unknown if one node does not tell them, or no node is connected', async () => {
  const denied = new Error('no SELECT permission on system_views.settings');
  deepStrictEqual(await readServerLimits(clientOf(usual, denied)), null);
  deepStrictEqual(await readServerLimits(clientOf(usual, {})), null);
  deepStrictEqual(await readServerLimits(clientOf()), null);
});
