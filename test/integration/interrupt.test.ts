import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openKeyspace } from '../support/keyspace.ts';
import { type RunningCommand, runCommand } from '../support/running-command.ts';
import { testServers } from '../support/test-environment.ts';

/** Presses Ctrl-C once; checks the end, and that no process and no file is left. */
const interrupt = async (command: RunningCommand): Promise<void> => {
  const processes = await command.processes();
  command.signal('SIGINT');
  strictEqual(await command.ended(), 130, command.output());
  match(command.output(), /\nStopped by SIGINT\.\n$/);
  await command.leavesNothing(processes);
};

/** Waits until the command has a process whose command line has the text. */
const untilRuns = (command: RunningCommand, text: string): Promise<void> =>
  command.until(async () =>
    [...(await command.processes()).values()].some((args) => args.includes(text)),
  );

/** Finds the keyspaces that the command's processes have in their variables. */
const keyspacesOf = async (command: RunningCommand): Promise<string[]> => {
  const pids = [...(await command.processes()).keys()].join(',');
  const { stdout } = await promisify(execFile)('ps', ['eww', '-p', pids]);
  return [...stdout.matchAll(/\bCASSANDRA_KEYSPACE=(\w+)/g)].map(([, name = '']) => name);
};

test('Ctrl-C ends npm run bench between two turns: its consumers, files and keyspaces are gone', {
  timeout: 300_000,
}, async () => {
  await using own = await openKeyspace();
  const keyspaces = async (): Promise<string[]> => {
    const rows = await own.rows('SELECT keyspace_name FROM system_schema.keyspaces');
    return rows.map((row) => String(row['keyspace_name']));
  };
  const args = ['bench/run.ts', '--short', '10000', '--events', '40000', '--only', 'shipped'];
  await using command = await runCommand(args, testServers().cassandra);
  await untilRuns(command, 'consumer.js');
  // Tests that run at the same time have keyspaces of their own.
  const used = await keyspacesOf(command);
  ok(used.length > 0);
  await interrupt(command);
  const left = await keyspaces();
  deepStrictEqual(
    used.filter((name) => left.includes(name)),
    [],
  );
});

test('Ctrl-C ends npm run bench:cold while it measures a start: no process and no file is left', {
  timeout: 300_000,
}, async () => {
  await using command = await runCommand(['bench/cold-start.ts']);
  await untilRuns(command, 'cold-start-process.js');
  await interrupt(command);
});

test('Ctrl-C ends npm run chaos while its servers start: no process and no file is left', {
  timeout: 300_000,
}, async () => {
  await using command = await runCommand(['test/chaos/chaos.ts', '--only', 'one']);
  await untilRuns(command, 'CassandraDaemon');
  // Kafka’s folder is formatted meanwhile by a tool. A JVM that is killed would leave its libraries in the machine’s folder.
  const machines = [...(await command.processes()).values()].filter((args) =>
    args.includes('/java '),
  );
  ok(machines.length > 0);
  for (const args of machines) match(args, /-Djava\.io\.tmpdir=\S*\/command-/);
  await interrupt(command);
});
