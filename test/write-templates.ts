import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { matrix, synthesise } from './support/stages.ts';

// `npm run templates`: synthesizes every stage of the tests' matrix as `cdk synth` does, into a folder for each of its groups.
const folder = join(import.meta.dirname, '../cdk.out/templates');
rmSync(folder, { recursive: true, force: true });
for (const [index, stages] of Object.values(matrix).entries())
  synthesise(stages, join(folder, `${index}`));
