import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { differences, type FoundTable } from '../../../functions/migrate/differences.ts';
import type { TableDefinition } from '../../../schema/table-definition.ts';

const wanted: TableDefinition = {
  name: 'visits',
  columns: [
    { name: 'day', type: 'date' },
    { name: 'at', type: 'timestamp' },
    { name: 'page', type: 'text' },
  ],
  partitionKey: ['day'],
  clusteringKey: [{ name: 'at', order: 'DESC' }],
  defaultTtlSeconds: 86_400,
};
const found: FoundTable = {
  columns: [
    { name: 'at', type: 'timestamp', kind: 'clustering', position: 0, order: 'desc' },
    { name: 'day', type: 'date', kind: 'partition_key', position: 0, order: 'none' },
    { name: 'page', type: 'text', kind: 'regular', position: -1, order: 'none' },
  ],
  defaultTtlSeconds: 86_400,
};
const without = (name: string) => found.columns.filter((column) => column.name !== name);

test('a table that is what it must be differs in nothing, further columns and their order included', () => {
  const further = { name: 'note', type: 'text', kind: 'static', position: -1, order: 'none' };
  deepStrictEqual(differences('ks', wanted, found), []);
  deepStrictEqual(
    differences('ks', wanted, { ...found, columns: [further, ...found.columns] }),
    [],
  );
});

test('a column that is missing is told with the statement that adds it', () => {
  deepStrictEqual(differences('ks', wanted, { ...found, columns: without('page') }), [
    'ks.visits has no column page text: ALTER TABLE ks.visits ADD "page" text',
  ]);
});

test('a column of another type is told with both types', () => {
  const columns = [
    ...without('page'),
    { name: 'page', type: 'blob', kind: 'regular', position: -1, order: 'none' },
  ];
  deepStrictEqual(differences('ks', wanted, { ...found, columns }), [
    'ks.visits.page is blob and must be text: the type of a column cannot be changed',
  ]);
});

test('another order of the key is told with both keys', () => {
  const columns = found.columns.map((column) => ({
    ...column,
    order: column.kind === 'clustering' ? 'asc' : 'none',
  }));
  deepStrictEqual(differences('ks', wanted, { ...found, columns }), [
    'ks.visits has the key ((day), at ASC) and must have ((day), at DESC): use another keyspace, or copy the table',
  ]);
});

test('another default TTL is told with the statement that sets it', () => {
  deepStrictEqual(differences('ks', wanted, { ...found, defaultTtlSeconds: 0 }), [
    'ks.visits has default_time_to_live 0 and must have 86400: ALTER TABLE ks.visits WITH default_time_to_live = 86400',
  ]);
});
