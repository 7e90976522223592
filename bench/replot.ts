// `npm run bench:plot -- <results> <plot>`: draws the results that `npm run bench -- --json <results>` has written.
import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import * as z from 'zod';
import { rootMessage } from '../local/root-message.ts';
import { barPlot } from './plot.ts';
import { cpuPlot, parseResults } from './results.ts';

const command = new Command('npm run bench:plot --')
  .description('Draws results of npm run bench -- --json as an SVG.')
  .argument('<results>', 'the JSON file')
  .argument('<plot>', 'the SVG to be written')
  .parse();
const [from = '', to = ''] = command.args;
try {
  await writeFile(to, await barPlot(cpuPlot(parseResults(await readFile(from, 'utf8')))));
} catch (error) {
  const why = error instanceof z.ZodError ? z.prettifyError(error) : rootMessage(error);
  command.error(`${from} cannot be drawn into ${to}: ${why}`);
}
