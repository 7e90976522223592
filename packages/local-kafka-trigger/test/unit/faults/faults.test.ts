import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createFaults, type FaultSwitches } from '../../../src/faults/faults.ts';
import type { InvokeResult } from '../../../src/function/invoke-result.ts';
import { judgeResult } from '../../../src/mapping/batch-response.ts';

const batch = [{ identifier: 't-0', records: [{ offset: 1 }] }];
const success: InvokeResult = { kind: 'response', payload: 'null' };
const error: InvokeResult = { kind: 'error', errorType: 'E', errorMessage: '', cause: 'function' };

/** A function and a poller that write down what is done to them. */
const world = (switches: FaultSwitches) => {
  const done: string[] = [];
  const note = (what: string) => () => void done.push(what);
  const faults = createFaults(switches, {
    kill: note('kill'),
    pause: note('pause'),
    resume: note('resume'),
  });
  faults.attach({ reread: note('reread') } as never, async () => {
    done.push('join');
    return {
      partitions: () => [],
      counts: () => ({ invocations: 0 }),
      [Symbol.asyncDispose]: async () => void done.push('leave'),
    } as never;
  });
  const invocation = async (result: InvokeResult = success) => {
    const judged = await faults.around(async () => result)('{}');
    return [judged.kind, faults.loseCommit(batch, judgeResult(judged, batch))];
  };
  return { done, invocation, inject: faults.inject };
};

test('without switches nothing is struck', async () => {
  const { done, invocation } = world({});
  deepStrictEqual(await invocation(), ['response', false]);
  deepStrictEqual(done, []);
});

for (const [kind, first, did] of [
  ['lost-commit', ['response', true], []],
  ['duplicate', ['response', true], ['reread']],
  ['crash-after-success', ['response', true], ['kill', 'reread']],
  ['lost-response', ['error', false], []],
  ['freeze', ['response', false], ['pause', 'resume']],
  ['rebalance', ['response', false], ['join', 'leave']],
] as const) {
  test(`the fault ${kind} strikes the second of two invocations, where it is asked of every second`, async () => {
    const { done, invocation } = world({ [kind]: 2, freezeSeconds: 0 });
    deepStrictEqual(await invocation(), ['response', false]);
    deepStrictEqual(done, []);
    deepStrictEqual(await invocation(), first);
    deepStrictEqual(done, did);
  });

  test(`the fault ${kind} strikes once where it is asked for once`, async () => {
    const { done, invocation, inject } = world({ freezeSeconds: 0 });
    const struck = inject(kind);
    deepStrictEqual(await invocation(), first);
    await struck;
    deepStrictEqual(await invocation(), ['response', false]);
    deepStrictEqual(done, did);
  });
}

test('what follows a success does not strike a failure', async () => {
  const { done, invocation } = world({ duplicate: 1, 'lost-commit': 1, 'lost-response': 1 });
  deepStrictEqual(await invocation(error), ['error', false]);
  strictEqual(done.length, 0);
});
