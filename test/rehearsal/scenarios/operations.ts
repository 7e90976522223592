import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../prepare.ts';
import type { Rehearsal, Scenario } from '../rehearsal.ts';
import { another, type Stage } from '../stages.ts';

/** Runs a command line of the operations by the function of a stage. */
const viaFunction = (
  { world: { emulator } }: Rehearsal,
  { stackName }: Stage,
  ...words: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  promisify(execFile)(
    process.execPath,
    [join(root, 'cli/user-events.ts'), ...words, '--stack', stackName, '--via-function'],
    { env: { ...process.env, ...emulator.environment } },
  );

/** The scenario of the function that runs operations. */
export const operations: readonly Scenario[] = [
  {
    name: 'the function that runs operations comes and goes by a deploy, changes no other resource, and reaches the database',
    onServers: true,
    async run(rehearsal) {
      const without = await rehearsal.inAVpc(
        another(rehearsal.stages['example-self-managed'], 'operate'),
      );
      const stage = { ...without, operate: true };
      const resources = async () =>
        Object.entries((await rehearsal.stack(stage)).resources).map(
          ([logicalId, { type, id }]) => `${logicalId} ${type} ${id}`,
        );
      await rehearsal.deploy(without);
      const before = await resources();
      await rehearsal.deploy(stage, 'deploy with operate');
      const after = await resources();
      deepStrictEqual(
        before.filter((one) => !after.includes(one)),
        [],
      );
      const more = after.filter((one) => !before.includes(one));
      ok(more.length > 0 && more.every((one) => one.startsWith('Operate')), more.join('\n'));
      await rehearsal.noDifference(stage);

      const [tasks, bad] = await rehearsal.step('run commands by the function', async () => [
        await viaFunction(rehearsal, stage, 'tasks', '--json'),
        await viaFunction(rehearsal, stage, 'user', 'nobody').catch((error) => error),
      ]);
      deepStrictEqual(tasks.stdout, '');
      match(tasks.stderr, /No command has written anything/);
      deepStrictEqual(bad.code, 2);
      match(bad.stderr, /A user is a uuid/);

      await rehearsal.deploy(without, 'deploy without operate');
      deepStrictEqual((await resources()).toSorted(), before.toSorted());
      const { retained } = await rehearsal.state();
      deepStrictEqual(
        retained.filter(({ stack }) => stack === stage.stackName).map(({ type }) => type),
        ['AWS::S3::Bucket'],
      );
    },
  },
];
