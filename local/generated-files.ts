import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { barPlot } from '../bench/plot.ts';
import { cpuPlot, parseResults } from '../bench/results.ts';
import { withCostTables } from '../cost/page.ts';
import { files as savedEvents } from '../events/files.ts';
import { configurationPage } from '../infra/settings-table.ts';

const root = join(import.meta.dirname, '..');

/**
 * Makes the committed files that are made from others: their texts, by their paths from the project's root.
 * @param eventsSchema the schema of the saved events; by default the published one. Older ones may stay as they are.
 */
export const generatedFiles = async (
  eventsSchema?: object,
): Promise<ReadonlyMap<string, string>> => {
  const text = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
  return new Map([
    ...[...savedEvents(eventsSchema)].map(([name, saved]): [string, string] => [
      `events/${name}`,
      saved,
    ]),
    ['docs/configuration.md', configurationPage()],
    ['docs/operations.md', withCostTables(await text('docs/operations.md'))],
    [
      'docs/performance.svg',
      await barPlot(cpuPlot(parseResults(await text('docs/performance.json')))),
    ],
  ]);
};
