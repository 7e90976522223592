import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Part } from './parts.ts';
import { type Result, type RunFilesOptions, runFiles } from './run-files.ts';

/** Runs parts side by side, one more than there are processors, for each waits now and then. The reports come in the parts’ order. */
export const runParts = async (
  parts: readonly Part[],
  options: Omit<RunFilesOptions, 'atOnce' | 'print'>,
): Promise<Result> => {
  const { watch = false, testNamePattern } = options;
  // What is watched never ends, and a pattern picks no tests of files that are loaded later.
  const isWhole = !watch && testNamePattern === undefined;
  const limit = pLimit(watch ? parts.length : availableParallelism() + 1);
  const write = (text: string): void => void process.stdout.write(text);
  const kept: string[] = [];
  const results = await limit.map(parts, ({ files, atOnce }, index) =>
    runFiles(files, {
      ...options,
      atOnce: atOnce === 'in one process' && !isWhole ? availableParallelism() : atOnce,
      print:
        watch || index === 0
          ? write
          : (text) => {
              kept[index] = `${kept[index] ?? ''}${text}`;
            },
    }),
  );
  write(kept.join(''));
  return {
    tests: results.reduce((sum, { tests }) => sum + tests, 0),
    failed: results.flatMap(({ failed }) => failed),
    isBelow: false,
  };
};
