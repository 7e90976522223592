import { deepStrictEqual } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operationsTable } from '../../../schema/tables.ts';
import { type BeforeName, beforeOf, placeIn, stageOf } from '../before.ts';
import type { Rehearsal, Scenario } from '../rehearsal.ts';
import { assetBucket, type Stage } from '../stages.ts';
import { isStateful } from '../stateful.ts';
import { createStack } from '../surroundings.ts';
import { zipFolder } from '../zip.ts';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; Properties: Properties }>>;
}
interface Properties {
  Code?: { S3Bucket?: unknown; S3Key?: string };
  readonly [name: string]: unknown;
}

/**
 * Creates a stack from the template of the version before, with the current code in its functions. The earlier code is not
 * available, and an upgrade's effect on resources does not depend on it.
 */
const deployBefore = async (rehearsal: Rehearsal, name: BeforeName, stage: Stage) => {
  const { emulator, signal } = rehearsal.world;
  const assembly = join(rehearsal.folder, 'assembly');
  await rehearsal.synth(stage, assembly);
  const read = async (file: string) => JSON.parse(await readFile(join(assembly, file), 'utf8'));
  const now: Template = await read(`${stage.stackName}.template.json`);
  const { files } = await read(`${stage.stackName}.assets.json`);
  const before: Template = JSON.parse(
    await placeIn(await beforeOf(name), rehearsal.world.database),
  );
  await rehearsal.step('deploy the template of the version before', async () => {
    for (const [id, { Type, Properties }] of Object.entries(before.Resources)) {
      if (Type !== 'AWS::Lambda::Function' || Properties.Code?.S3Key === undefined) continue;
      const key = now.Resources[id]?.Properties.Code?.S3Key ?? '';
      const { source } = files[key.replace('.zip', '')];
      const zip = await zipFolder(join(assembly, source.path), rehearsal.world.python);
      await emulator.upload(assetBucket, key, zip);
      Properties.Code = { S3Bucket: assetBucket, S3Key: key };
    }
    await createStack(emulator, stage.stackName, before, signal);
  });
};

const upgrade = (name: BeforeName, what: string, onServers?: true): Scenario => ({
  ...(onServers && { onServers }),
  name: `an upgrade of ${what} replaces, renames and deletes nothing that holds data`,
  async run(rehearsal) {
    const stage = stageOf(name, rehearsal.world.database);
    await deployBefore(rehearsal, name, stage);
    const kept = async () =>
      Object.entries((await rehearsal.stack(stage)).resources)
        .filter(([, { type }]) => isStateful(type))
        .map(([logical, { type, id }]) => `${logical} ${type} ${id}`)
        .sort();
    const before = await kept();
    await rehearsal.deploy(stage, 'deploy today’s', ['--app', join(rehearsal.folder, 'assembly')]);
    await rehearsal.isIn(stage, 'UPDATE_COMPLETE');
    const after = await kept();
    deepStrictEqual(
      after.filter((one) => before.includes(one)),
      before,
    );
    // The version before had no table of operations.
    deepStrictEqual(
      after.filter((one) => !before.includes(one)).map((one) => one.split(' ').at(-1)),
      name === 'cassandra' ? [] : [`${stage.sink.keyspace}|${operationsTable}`],
    );
    const { retained } = await rehearsal.state();
    deepStrictEqual(
      retained.filter(({ stack }) => stack === stage.stackName),
      [],
    );
  },
});

/** The scenarios of upgrades from the version before to the current one. */
export const upgrades: readonly Scenario[] = [
  upgrade('prod', 'the documented stage'),
  upgrade('cassandra', 'a stage on Cassandra', true),
  upgrade('own-key', 'a stage with a key of its own and a queue'),
  upgrade('demo', 'the demo', true),
];
