// `npm run generate`: writes the committed files that are made from others.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { print, verdict } from '../cli/terminal/print.ts';
import { count } from '../cli/terminal/words.ts';
import { schemaFile } from '../events/files.ts';

const { check } = scriptCommand({
  name: 'generate',
  does:
    'Writes the committed files that are made from others: the saved events and their list, the page of settings, the tables of ' +
    'cost and prices, and the figure of the benchmark. Says which have changed.',
  takes: 'some ten seconds',
})
  .option(
    '--check',
    'write nothing, and exit with code 1 if a file is not as it would be written',
    false,
  )
  .parse()
  .opts<{ check: boolean }>();

await main(async () => {
  const { generatedFiles } = await import('./generated-files.ts');
  const root = join(import.meta.dirname, '..');
  let changed = 0;
  let unchanged = 0;
  // The saved events may be of an older schema, as long as they are what that makes.
  const saved = JSON.parse(await readFile(join(root, 'events', schemaFile), 'utf8'));
  for (const [path, text] of await generatedFiles(check ? saved : undefined)) {
    const before = await readFile(join(root, path), 'utf8').catch(() => null);
    if (before === text) {
      unchanged += 1;
      continue;
    }
    changed += 1;
    if (!check) await writeFile(join(root, path), text);
    print(
      `${verdict(!check, check ? 'out of date' : before === null ? 'new' : 'changed')}  ${path}`,
    );
  }
  print(`${count(unchanged, 'file')} of ${changed + unchanged} as they were.`);
  if (check && changed > 0) print('Write them by npm run generate.');
  return check && changed > 0 ? 1 : 0;
});
