// `npm run build`: writes the packages.
import { join } from 'node:path';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { print } from '../cli/terminal/print.ts';

scriptCommand({
  name: 'build',
  does: 'Writes the package of the construct into the folder dist: its code, its types and the built functions; and that of the local trigger into packages/local-kafka-trigger/dist.',
  takes: 'some ten seconds',
}).parse();

await main(async () => {
  const { buildPackage } = await import('../infra/build-package.ts');
  const { buildPackage: buildTrigger } = await import('../packages/local-kafka-trigger/build.ts');
  buildPackage(join(import.meta.dirname, '../dist'));
  print('dist is the package. To make its file: npm pack ./dist');
  const trigger = join(import.meta.dirname, '../packages/local-kafka-trigger');
  buildTrigger(join(trigger, 'dist'));
  print('The local trigger: npm pack ./packages/local-kafka-trigger/dist');
  return 0;
});
