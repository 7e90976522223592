import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createGate } from '../../../local/gate.ts';

test('a closed gate waits for the calls that run, and holds back others until it is opened', async () => {
  const running = Promise.withResolvers<void>();
  const story: string[] = [];
  const gate = createGate(async (name: string) => {
    story.push(name);
    if (name === 'first') await running.promise;
    return name;
  });
  const first = gate.call('first');
  const closing = gate.close().then(() => story.push('closed'));
  const second = gate.call('second');
  running.resolve();
  await closing;
  deepStrictEqual(story, ['first', 'closed']);
  gate.open();
  deepStrictEqual([await first, await second], ['first', 'second']);
  deepStrictEqual(story, ['first', 'closed', 'second']);
});

test('a call that fails opens and closes nothing', async () => {
  const gate = createGate(async (fails: boolean) => {
    if (fails) throw new Error('it failed');
    return 'done';
  });
  const failed = gate.call(true).catch((error: Error) => error.message);
  await gate.close();
  gate.open();
  deepStrictEqual([await failed, await gate.call(false)], ['it failed', 'done']);
});
