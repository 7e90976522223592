import { match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../support/running-command.ts';

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
