import { match, strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';

// The chaos runs in a process of its own, with its own servers: the driver leaves timers behind after a server is killed.
test('nothing is lost, wrong or wrongly late while servers break, in a short chaos of fixed seed', async () => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'chaos.ts'), '--short', '--rounds', '3', '--seed', '0'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  guardProcess(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const [code] = await once(child, 'close');
  strictEqual(code, 0, output);
  match(output, /Nothing lost, nothing wrong, nothing wrongly late\./);
});
