// `npm run bench:plot -- <results> <plot>`: draws what `npm run bench -- --json <results>` has written once more.
import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { barPlot } from './plot.ts';
import { cpuPlot, parseResults } from './results.ts';

const [from = '', to = ''] = new Command('npm run bench:plot --')
  .description('Draws results of npm run bench -- --json as an SVG.')
  .argument('<results>', 'the JSON file')
  .argument('<plot>', 'the SVG to be written')
  .parse().args;
await writeFile(to, await barPlot(cpuPlot(parseResults(await readFile(from, 'utf8')))));
