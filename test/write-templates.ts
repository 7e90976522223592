// `npm run templates`: synthesizes every stage of the tests' matrix as `cdk synth` does, into a folder for each of its groups.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scriptCommand } from '../cli/terminal/command.ts';
import { print } from '../cli/terminal/print.ts';
import { count } from '../cli/terminal/words.ts';

scriptCommand({
  name: 'templates',
  does:
    'Writes the templates of every stage of the tests’ matrix into cdk.out/templates, for cfn-lint and ' +
    'test/rehearsal/emulator/check_templates.py.',
  takes: 'about half a minute',
}).parse();

const { matrix, synthesise } = await import('./support/stages.ts');
const folder = join(import.meta.dirname, '../cdk.out/templates');
rmSync(folder, { recursive: true, force: true });
let templates = 0;
for (const [index, stages] of Object.values(matrix).entries())
  templates += synthesise(stages, join(folder, `${index}`)).length;
print(`${count(templates, 'template')} in cdk.out/templates.`);
