import { strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

test('what older versions of Node lack is there by the package’s own code, and does the same', async () => {
  const program = `
    for (const [object, name] of [[Promise, 'withResolvers'], [Map, 'groupBy'], [Array, 'fromAsync'], [globalThis, 'SuppressedError']])
      delete object[name];
    await import(process.argv[1]);
    const { promise, resolve } = Promise.withResolvers();
    resolve('resolved');
    const groups = Map.groupBy(['a', 'bb', 'c'], (text) => text.length);
    const all = await Array.fromAsync((async function* () { yield 1; yield 2; })());
    const { name, message, error, suppressed } = new SuppressedError(1, 2, 'both');
    console.log(JSON.stringify([await promise, [...groups], all, name, message, error, suppressed]));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    ...['--eval', program, join(import.meta.dirname, '../../../cli/older-node.ts')],
  ]);
  strictEqual(
    stdout.trim(),
    '["resolved",[[1,["a","c"]],[2,["bb"]]],[1,2],"SuppressedError","both",1,2]',
  );
});
