import { ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { peakMemory } from '../../../local/peak-memory.ts';

test("a process's memory is its own: the benchmark's consumers were once said to have their parent's", async () => {
  const parents = Buffer.alloc(256 * 2 ** 20, 1);
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log("up")']);
  const exited = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    const peak = peakMemory(child.pid as number);
    ok(peak > 10 * 2 ** 20, `${peak} bytes`);
    ok(peak < parents.length, `${peak} bytes`);
  } finally {
    child.stdin.end();
    await exited;
  }
});
