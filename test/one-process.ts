// Runs test files one after the other in one process, each as a suite of its name. Loading modules once for all saves most of the time.
import { strictEqual } from 'node:assert/strict';
import { resolve } from 'node:path';
import { suite } from 'node:test';

const { env } = process;
let running: string | undefined;
process.on('exit', () => {
  if (running !== undefined)
    process.stderr.write(`${running} has ended the process of the tests.\n`);
});

for (const file of process.argv.slice(2)) {
  running = file;
  // The next file is loaded when the tests of this one, and its hooks, have ended.
  await suite(file, async () => {
    await import(resolve(file));
  });
  // What is of all files, and not of this one: another object would keep os.tmpdir(), and children, from what later files set.
  strictEqual(process.env, env, `${file} has put an object of its own in the place of process.env`);
}
running = undefined;
