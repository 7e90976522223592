import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from 'cassandra-driver';
import { type RecordRow, writeRecordRows } from '../../../../cli/tasks/record-rows.ts';

const row = (scope: string, item: number, detail = ''): RecordRow => ({
  ...{ scope, item: `clicks/0/${item}`, detail },
  ...{ command: 'redrive', task: 'a-task', state: 'done', what: 'tables', tries: 1 },
});

test('rows are written in batches of one partition and at most thirty rows, each row once', async () => {
  const batches: { readonly params: readonly unknown[] }[][] = [];
  const client = {
    batch: async (queries: { readonly params: readonly unknown[] }[]) => void batches.push(queries),
  } as unknown as Client;
  const rows = [
    ...Array.from({ length: 65 }, (_, item) => row('a', item)),
    row('b', 1, 'x'.repeat(9_000)),
  ];
  await writeRecordRows(client, 'ks', rows);
  deepStrictEqual(batches.map(({ length }) => length).toSorted(), [1, 30, 30, 5]);
  for (const batch of batches) strictEqual(new Set(batch.map(({ params: [one] }) => one)).size, 1);
  const items = batches.flat().map(({ params: [scope, item] }) => `${scope} ${item}`);
  strictEqual(new Set(items).size, 66);
  const texts = batches
    .flat()
    .flatMap(({ params }) => params.filter((one) => typeof one === 'string'));
  ok(texts.every((text) => text.length <= 500));
});
