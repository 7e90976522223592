import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesise } from '../support/stages.ts';
import { beforeNames, exampleDatabase, fileOf, stageOf } from './before.ts';

// Makes the current templates those of the version before. Run it when a version is released, and never to make a test pass.
const outdir = await mkdtemp(join(tmpdir(), 'before-'));
try {
  const templates = synthesise(
    beforeNames.map((name) => stageOf(name, exampleDatabase)),
    outdir,
  );
  for (const [index, name] of beforeNames.entries())
    await writeFile(fileOf(name), `${JSON.stringify(templates[index]?.toJSON(), null, 1)}\n`);
} finally {
  await rm(outdir, { recursive: true });
}
