import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { variables } from '../../functions/ingest/settings/read-settings.ts';
import { configurationPage } from '../../infra/settings-table.ts';

test('the page says of each variable by which setting a stage sets it, whether it is required, and its default', () => {
  const rows = configurationPage()
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+` \|/.test(line))
    .map((line) => line.slice(2, -2).split(' | '));
  deepStrictEqual(
    rows.map(([name]) => name),
    Object.keys(variables).map((name) => `\`${name}\``),
  );
  const row = (name: string) => rows.find(([first]) => first === `\`${name}\``)?.slice(1, 4);
  deepStrictEqual(row('CASSANDRA_KEYSPACE'), ['`sink`', 'yes', '–']);
  deepStrictEqual(row('MAX_FUTURE_SECONDS'), [
    '`environment`',
    'no',
    'as `OUT_OF_ORDERNESS_SECONDS`',
  ]);
  deepStrictEqual(row('PARTIAL_RESPONSES'), ['`mapping`', 'no', '`on`']);
});

test('the page lists every setting once in its section, required or with its default', () => {
  const sections = configurationPage().split('\n## ').slice(1);
  for (const section of sections) {
    const names = section.match(/^\| `[\w.]+` \|/gm) ?? [];
    ok(names.length > 0, section.slice(0, 60));
    deepStrictEqual(names.length, new Set(names).size);
  }
});
