// A process of its own that outlives its parent, however the parent ends (also by SIGKILL), and then stops what the
// parent has left: standard input closes, and the processes and folders that are still guarded are ended and removed.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const processes = new Set();
const folders = new Set();

for await (const line of createInterface({ input: process.stdin })) {
  const { guard, release } = JSON.parse(line);
  if (guard?.pid) processes.add(guard.pid);
  if (guard?.folder) folders.add(guard.folder);
  if (release?.pid) processes.delete(release.pid);
  if (release?.folder) folders.delete(release.folder);
}

for (const pid of processes)
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
for (const folder of folders)
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
