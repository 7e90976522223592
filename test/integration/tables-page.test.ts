import { deepStrictEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { exampleRows, statements } from '../support/tables-page.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/tables.md'), 'utf8');

let keyspace: TestKeyspace;
before(async () => {
  keyspace = await openKeyspace();
});
after(() => keyspace[Symbol.asyncDispose]());

/** Runs a statement of the page, whose tables have no keyspace before their names. */
const run = (statement: string) =>
  keyspace.rows(statement.replace(/(?<=(FROM|INTO) )(?=\w)/, `${keyspace.name}.`));

test('the example rows of docs/tables.md fit their tables, and every query of the page finds them', async () => {
  const examples = exampleRows(page);
  deepStrictEqual(
    examples.map(({ table }) => table),
    ['user_events', 'partition_watermarks', 'rejected_events', 'operations'],
  );
  for (const { table, values } of examples)
    await run(
      `INSERT INTO ${table} (${Object.keys(values).map((name) => `"${name}"`)}) VALUES (${Object.values(values)})`,
    );
  const queries = statements(page).filter((statement) => statement.startsWith('SELECT'));
  ok(queries.length > 5);
  for (const query of queries) deepStrictEqual((await run(query)).length, 1, query);

  const deletions = statements(page).filter((statement) => statement.startsWith('DELETE'));
  deepStrictEqual(deletions.length + queries.length, statements(page).length);
  for (const deletion of deletions) await run(deletion);
  for (const table of ['user_events', 'rejected_events'])
    deepStrictEqual(await run(`SELECT * FROM ${table}`), [], table);
});
