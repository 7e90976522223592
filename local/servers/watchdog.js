// A process of its own that outlives its parent, however the parent ends (also by SIGKILL), and then stops what the
// parent has left: standard input closes, and the processes and folders that are still guarded are ended and removed.
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

/** Whether the process was there to take the signal. */
const signal = (pid, name) => {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
};

for (const pid of processes) signal(pid, 'SIGKILL');
// What still writes would fill a folder again while it is removed.
for (const deadline = Date.now() + endTimeoutMs; Date.now() < deadline; await delay(20))
  if (![...processes].some((pid) => signal(pid, 0))) break;
for (const folder of folders)
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch {
    // One that cannot be removed must not keep the others.
  }
