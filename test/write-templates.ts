import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { linted, synthesise } from './support/stages.ts';

// `npm run templates`: what `cdk synth` would make of the stages that cfn-lint is run on, a folder each.
const folder = join(import.meta.dirname, '../cdk.out/templates');
rmSync(folder, { recursive: true, force: true });
for (const [index, given] of Object.values(linted).entries())
  synthesise(given, join(folder, `${index}`));
