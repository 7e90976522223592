// A process that outlives its parent, however the parent ends (also by SIGKILL). When standard input closes, it kills the
// processes and removes the folders that are still guarded.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const endTimeoutMs = 10_000;

const processes = new Set();
const folders = new Set();

for await (const line of createInterface({ input: process.stdin })) {
  const { guard, release } = JSON.parse(line);
  if (guard?.pid) processes.add(guard.pid);
  if (guard?.folder) folders.add(guard.folder);
  if (release?.pid) processes.delete(release.pid);
  if (release?.folder) folders.delete(release.folder);
}

/** Sends a signal; returns whether the process was there to take it. */
const signal = (pid, name) => {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
};

for (const pid of processes) signal(pid, 'SIGKILL');
// A process that still writes would fill a folder again while it is removed.
for (const deadline = Date.now() + endTimeoutMs; Date.now() < deadline; await delay(20))
  if (![...processes].some((pid) => signal(pid, 0))) break;
for (const folder of folders)
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch {
    // A folder that cannot be removed must not keep the other folders.
  }
