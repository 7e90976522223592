import { ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('processes and folders that a killed program leaves are ended and removed', {
  timeout: 20_000,
}, async () => {
  const parent = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../../support/watchdog-parent.ts')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const { pid, path } = JSON.parse(line) as { pid: number; path: string };
  ok(runs(pid) && existsSync(path));
  parent.kill('SIGKILL');
  while (runs(pid) || existsSync(path)) await delay(20);
});
