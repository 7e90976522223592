import { match, strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { runCommand } from '../../../support/running-command.ts';

for (const [name, args, begun] of [
  ['fuzz', ['test/fuzz/main.ts'], /inputs, seed/],
  ['simulate', ['test/simulation/simulate.ts'], /of 1000000 schedules/],
] as const)
  test(`Ctrl-C ends npm run ${name} in the midst of its work, and it leaves no process and no file`, {
    timeout: 60_000,
  }, async () => {
    await using command = await runCommand(args);
    await command.until(() => begun.test(command.output()));
    const processes = await command.processes();
    command.signal('SIGINT');
    strictEqual(await command.ended(), 130);
    match(command.output(), /\nStopped by SIGINT\.\n$/);
    await command.leavesNothing(processes);
  });

// A pipe into head ended with a stack.
test('a command whose output nobody reads any more ends without a word, with the code of SIGPIPE', async () => {
  const listing = 'user 6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11 --cql --from 2020-01-01';
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    ['-c', `node cli/bin.js ${listing} | head -1; echo "ended \${PIPESTATUS[0]}"`],
    {
      env: {
        ...process.env,
        CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
        CASSANDRA_LOCAL_DATACENTER: 'none',
      },
    },
  );
  match(stdout, /^SELECT .*;\nended 141\n$/);
  strictEqual(stderr, '');
});

test('a second Ctrl-C ends a command at once that the first one does not end, and that has said so', {
  timeout: 60_000,
}, async () => {
  await using command = await runCommand(['test/support/stubborn-command.ts']);
  await command.until(() => command.output().includes('running'));
  command.signal('SIGINT');
  await command.until(() => command.output().includes('another Ctrl-C ends it at once'));
  command.signal('SIGINT');
  strictEqual(await command.ended(), 130);
});
