// `npm run bench:plot -- <results> <plot>`: draws the results that `npm run bench -- --json <results>` has written.
import { readFile, writeFile } from 'node:fs/promises';
import { rootMessage } from 'local-kafka-trigger/root-message.ts';
import * as z from 'zod';
import { scriptCommand } from '../cli/terminal/command.ts';
import { print } from '../cli/terminal/print.ts';
import { barPlot } from './plot.ts';
import { cpuPlot, parseResults } from './results.ts';

const command = scriptCommand({
  name: 'bench:plot',
  does: 'Draws results of npm run bench -- --json as an SVG.',
  takes: 'a second',
})
  .argument('<results>', 'the JSON file')
  .argument('<plot>', 'the SVG to be written')
  .parse();
const [from = '', to = ''] = command.args;
try {
  await writeFile(to, await barPlot(cpuPlot(parseResults(await readFile(from, 'utf8')))));
  print(`Drawn: ${to}`);
} catch (error) {
  const why = error instanceof z.ZodError ? z.prettifyError(error) : rootMessage(error);
  command.error(`${from} cannot be drawn into ${to}: ${why}`);
}
