// `npm run build`: writes the package of the construct.
import { join } from 'node:path';
import { scriptCommand } from './command.ts';
import { main } from './main.ts';
import { print } from './print.ts';

scriptCommand({
  name: 'build',
  does: 'Writes the package of the construct into the folder dist: its code, its types and the built functions.',
  takes: 'some ten seconds',
}).parse();

await main(async () => {
  const { buildPackage } = await import('../infra/build-package.ts');
  buildPackage(join(import.meta.dirname, '../dist'));
  print('dist is the package. To make its file: npm pack ./dist');
  return 0;
});
