// `npm run test:coverage`: fails where the unit tests reach less of functions/ than the thresholds.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { reportOf, runFiles } from './run-files.ts';

/** The shares that must be reached, in percent. */
const thresholds = { lineCoverage: 94, branchCoverage: 95, functionCoverage: 90 };

scriptCommand({
  name: 'test:coverage',
  does:
    'Measures how much of functions/ the unit tests reach, and fails below the thresholds: ' +
    `${thresholds.lineCoverage} % of lines, ${thresholds.branchCoverage} % of branches, ${thresholds.functionCoverage} % of functions.`,
  takes: 'about 3 minutes',
}).parse();

await main(async (signal) =>
  reportOf(
    await runFiles(globSync('test/unit/**/*.test.ts').toSorted(), {
      atOnce: availableParallelism(),
      print: (text) => void process.stdout.write(text),
      signal,
      coverage: { coverage: true, coverageIncludeGlobs: ['functions/**'], ...thresholds },
    }),
  ),
);
