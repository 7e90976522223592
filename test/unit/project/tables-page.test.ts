import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseTable } from '../../../schema/table-definition.ts';
import { createTables } from '../../../schema/tables.ts';
import { describedTables } from '../../support/tables-page.ts';

test('docs/tables.md has each column of each table in its order, with its type and its part of the key', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/tables.md'), 'utf8');
  const described = describedTables(page).map(({ table, columns }) => ({
    table,
    columns: columns.map(({ name, type, key }) => ({ name, type, key })),
  }));
  const defined = createTables()
    .map(parseTable)
    .map(({ name: table, columns, partitionKey, clusteringKey }) => ({
      table,
      columns: columns.map(({ name, type }) => {
        const clustering = clusteringKey.find((column) => column.name === name);
        const key = partitionKey.includes(name)
          ? 'partition'
          : clustering === undefined
            ? '–'
            : clustering.order === 'DESC'
              ? 'clustering, newest first'
              : 'clustering';
        return { name, type, key };
      }),
    }));
  deepStrictEqual(described, defined);
});
