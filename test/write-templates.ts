import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { linted, synthesise } from './support/stages.ts';

// `npm run templates`: what `cdk synth` would make of the stages that cfn-lint is run on.
const folder = join(import.meta.dirname, '../cdk.out/templates');
rmSync(folder, { recursive: true, force: true });
synthesise(linted, folder);
