import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { networkTopology, replicationDifferences } from '../../../functions/migrate/replication.ts';

const strategy = 'org.apache.cassandra.locator.NetworkTopologyStrategy';
const dataCenters = new Set(['dc1', 'dc2']);
const differ = (wanted: Record<string, number>, keyspace: Record<string, string> | null) =>
  replicationDifferences('ks', wanted, { keyspace, dataCenters });

test('a replication is written as CQL has it, and a quote in a name is doubled', () => {
  strictEqual(
    networkTopology({ dc1: '3', "o'dc": 2 }),
    "{'class': 'NetworkTopologyStrategy', 'dc1': 3, 'o''dc': 2}",
  );
});

test('a keyspace that is not there, or has the same replicas in any order, differs in nothing', () => {
  deepStrictEqual(differ({ dc1: 3, dc2: 2 }, null), []);
  deepStrictEqual(differ({ dc1: 3, dc2: 2 }, { dc2: '2', class: strategy, dc1: '3' }), []);
});

test('a data centre that the cluster does not have is told, also where the keyspace is not there', () => {
  deepStrictEqual(differ({ dc1: 3, dc9: 3 }, null), [
    'sink.tables.replication names dc9, and the cluster’s data centres are dc1, dc2: correct the name, or add the nodes first',
  ]);
});

for (const [what, keyspace] of [
  ['another number of replicas', { class: strategy, dc1: '1' }],
  ['a further data centre', { class: strategy, dc1: '3', dc2: '3' }],
  ['another strategy', { class: 'org.apache.cassandra.locator.SimpleStrategy', dc1: '3' }],
] as const)
  test(`a keyspace with ${what} is told with the statement that changes it`, () => {
    const wanted = "{'class': 'NetworkTopologyStrategy', 'dc1': 3}";
    deepStrictEqual(differ({ dc1: 3 }, keyspace), [
      `keyspace ks has the replication ${JSON.stringify(keyspace)} and must have ${wanted}: ALTER KEYSPACE ks WITH replication = ${wanted}, ` +
        'then nodetool repair --full ks on every node (in a new data centre nodetool rebuild first); or set sink.tables.replication to ' +
        'what is there',
    ]);
  });
