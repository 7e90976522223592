import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FunctionOptions } from '../../../src/function/options.ts';
import { placeOf, programOf } from '../../../src/function/program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a module’s path is its handler, in its folder', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'index.mjs');
  await writeFile(path, '');
  const { codeFolder, handler } = programOf({ handler: path });
  deepStrictEqual([codeFolder, handler], [folder, 'index.handler']);
  const named = programOf({ handler: 'index.main', codeFolder: folder, inspect: 9229 });
  deepStrictEqual(
    [named.codeFolder, named.handler, named.args[0]],
    [folder, 'index.main', '--inspect-wait=127.0.0.1:9229'],
  );
});

test('a module with a dot in its name is refused, which Lambda cannot load', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'orders.consumer.mjs'), '');
  throws(() => programOf({ handler: 'orders.consumer.mjs', codeFolder: folder }), {
    name: 'TriggerError',
    message: /orders\.consumer\.mjs has a dot in its name/,
  });
});

test('a command is started as it is, in the folder of the code', () => {
  deepStrictEqual(programOf({ command: ['python3', 'x.py'], codeFolder: '/' }), {
    file: 'python3',
    args: ['x.py'],
    codeFolder: '/',
    handler: '',
  });
});

for (const [given, sentence] of [
  [{}, /either a handler or a command/],
  [{ handler: 'a.b', command: ['c'] }, /either a handler or a command/],
  [{ command: [] }, /command is empty/],
  [{ command: ['a'], codeFolder: '/none' }, /folder of the code, \/none, is not there/],
  [{ command: ['a'], inspect: 1 }, /its own debugger/],
  [{ handler: 'a.b', inspect: 1, environments: 2 }, /concurrency 1/],
  [
    { handler: 'none.handler', codeFolder: '/' },
    /none\.handler is not there: it is the module \/none/,
  ],
] satisfies [FunctionOptions, RegExp][])
  test(`a function that cannot be started is told: ${JSON.stringify(given)}`, () => {
    throws(() => programOf(given), { name: 'TriggerError', message: sentence });
  });

test('the ARN of a function has its name and its region', () => {
  strictEqual(placeOf({}).arn, 'arn:aws:lambda:eu-west-1:000000000000:function:function');
  const given = { functionName: 'orders', environment: { AWS_REGION: 'us-east-1' } };
  strictEqual(placeOf(given).arn, 'arn:aws:lambda:us-east-1:000000000000:function:orders');
});
