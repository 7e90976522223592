// A program that guards a process and a folder, prints them, and waits to be killed.
import { spawn } from 'node:child_process';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';

const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
  detached: true,
  stdio: 'ignore',
});
guardProcess(child);
const { path } = await temporaryFolder('test-watchdog');
process.stdout.write(`${JSON.stringify({ pid: child.pid, path })}\n`);
setInterval(() => {}, 1000);
