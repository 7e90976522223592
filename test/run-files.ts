import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { print, verdict } from '../cli/terminal/print.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { count } from '../cli/terminal/words.ts';
import { Silence } from './silence.ts';

/** The result of running some files. */
export interface Result {
  readonly tests: number;
  /** The file and the title of each failed test. */
  readonly failed: readonly string[];
  /** True if a threshold of coverage is not reached. */
  readonly isBelow: boolean;
}

type RunOptions = NonNullable<Parameters<typeof run>[0]>;

export interface RunFilesOptions {
  /**
   * The number of files that run side by side, each in a process of its own; or `in one process` for one after the other in the same.
   */
  readonly atOnce: number | 'in one process';
  /** Receives the report, piece by piece. */
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
  readonly watch?: boolean;
  /**
   * The milliseconds after which a run is given up in which no test begins or ends. Default a quarter of an hour: a test with a hundred
   * thousand records takes minutes.
   */
  readonly longestSilenceMs?: number;
  /** Runs those tests alone whose title matches. */
  readonly testNamePattern?: string;
  /** The options of node:test for coverage. */
  readonly coverage?: Pick<
    RunOptions,
    'coverage' | 'coverageIncludeGlobs' | 'lineCoverage' | 'branchCoverage' | 'functionCoverage'
  >;
}

const oneProcess = join(import.meta.dirname, 'one-process.ts');

/** Runs files in their order. */
export const runFiles = async (
  files: readonly string[],
  {
    atOnce,
    print,
    signal,
    watch = false,
    longestSilenceMs = 15 * 60_000,
    testNamePattern,
    coverage = {},
  }: RunFilesOptions,
): Promise<Result> => {
  let tests = 0;
  let isBelow = false;
  const failed: string[] = [];
  const pattern = testNamePattern === undefined ? {} : { testNamePatterns: testNamePattern };
  const processes =
    atOnce === 'in one process'
      ? { files: [oneProcess], argv: files }
      : { files: [...files], concurrency: atOnce };
  using silence = new Silence(longestSilenceMs);
  // Files that are watched are silent until they change.
  const ended = watch ? signal : AbortSignal.any([signal, silence.signal]);
  const stream = run({ ...processes, watch, signal: ended, ...pattern, ...coverage });
  silence.watch(stream);
  stream.on('test:fail', ({ name, file, todo, details }) => {
    // What holds a failed test fails with it.
    const { failureType } = details.error as { failureType?: string };
    if ((todo === undefined || todo === false) && failureType !== 'subtestsFailed')
      failed.push(
        file === undefined || file === oneProcess ? name : `${relative('.', file)}: ${name}`,
      );
  });
  // A process without a test that matches is reported as a test of its file's name.
  stream.on('test:complete', ({ name, details }) => {
    if (details.type !== 'suite' && !processes.files.includes(name)) tests += 1;
  });
  stream.on('test:coverage', ({ summary: { totals, thresholds } }) => {
    isBelow =
      totals.coveredLinePercent < thresholds.line ||
      totals.coveredBranchPercent < thresholds.branch ||
      totals.coveredFunctionPercent < thresholds.function;
  });
  for await (const text of stream.compose(spec)) print(String(text));
  if (silence.signal.aborted) failed.push(silence.signal.reason.message);
  return { tests, failed, isBelow };
};

/**
 * Prints what has failed; gives the exit code.
 * @throws {UserFacingError} if no title has matched the pattern.
 */
export const reportOf = ({ tests, failed, isBelow }: Result, testNamePattern?: string): number => {
  if (tests === 0)
    throw new UserFacingError(
      testNamePattern === undefined
        ? 'These files hold no test.'
        : `No test of these files has a title that matches ${testNamePattern}.`,
    );
  print(
    failed.length === 0
      ? `${count(tests, 'test')}: ${verdict(true, 'none has failed.')}`
      : `${count(tests, 'test')}, ${verdict(false, `failed: ${failed.length}`)}\n${failed.map((one) => `  ${one}`).join('\n')}`,
  );
  if (isBelow) print(verdict(false, 'The coverage is below a threshold.'));
  return failed.length === 0 && !isBelow ? 0 : 1;
};
