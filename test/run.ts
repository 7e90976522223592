import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { Command } from 'commander';
import { main } from '../local/main.ts';
import { openServers, type Servers } from '../local/open-servers.ts';
import { print } from '../local/print.ts';
import { UserFacingError } from '../local/user-facing-error.ts';
import { loadedBy } from './support/imports.ts';

/** Suites whose tests need servers, and those that run without any. test/README.md says what each is for. */
const withServers = ['integration', 'chaos'];
const withoutServers = ['unit', 'simulation', 'infra'];

/** The module with the addresses of this run's Kafka and Cassandra. A test file that loads it needs the servers. */
const addresses = 'test/support/test-environment.ts';

interface Options {
  readonly servers: boolean;
  readonly watch: boolean;
  readonly testNamePattern?: string;
}

const command = new Command('npm test --')
  .description(
    'Runs all tests, or those of the files that are named. Kafka and Cassandra are started where one of the files needs them.',
  )
  .argument('[files...]', 'test files, folders of them, or patterns such as "test/unit/**/avro/*"')
  .option('--test-name-pattern <pattern>', 'run the tests alone whose title matches it')
  .option('--watch', 'run a file again when it or what it imports changes', false)
  .option(
    '--no-servers',
    `run the suites alone that need no servers (${withoutServers.join(', ')})`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();
const { servers: serversAllowed, watch, testNamePattern } = command.opts<Options>();

const suites = (names: readonly string[]): string[] =>
  names.flatMap((name) => globSync(`test/${name}/**/*.test.ts`).toSorted());

/** Finds the test files of a name. @throws {UserFacingError} if the name stands for no file, or for a file without tests. */
const filesOf = (name: string): string[] => {
  const matching = globSync(name);
  if (matching.length === 0)
    throw new UserFacingError(`${name}: there is no such file. test/README.md lists the suites.`);
  const files = matching.flatMap((path) =>
    statSync(path).isDirectory() ? globSync(`${path}/**/*.test.ts`).toSorted() : [path],
  );
  const other = files.find((file) => !file.endsWith('.test.ts'));
  if (other !== undefined)
    throw new UserFacingError(
      `${other}: it holds no tests; the name of a test file ends in .test.ts.`,
    );
  if (files.length === 0) throw new UserFacingError(`${name}: the folder holds no test file.`);
  return files.map((file) => join(file));
};

/** Opens the servers that the files need. */
const serversFor = async (
  files: readonly string[],
  signal: AbortSignal,
): Promise<Servers | null> =>
  files.some((file) => loadedBy(file).has(addresses))
    ? await openServers({ onStep: print, signal })
    : null;

const needsServers = (file: string): boolean =>
  withServers.some((name) => file.startsWith(join('test', name, '/')));

/** The result of running some files. */
interface Result {
  tests: number;
  /** The file and the title of each failed test. */
  readonly failed: string[];
}

/**
 * Runs files in their order.
 * @param atOnce the number of files that run side by side.
 * @param print receives the report, piece by piece.
 */
const runFiles = async (
  files: string[],
  atOnce: number,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<Result> => {
  const result: Result = { tests: 0, failed: [] };
  const pattern = testNamePattern === undefined ? {} : { testNamePatterns: testNamePattern };
  const stream = run({ files, watch, signal, concurrency: atOnce, ...pattern });
  stream.on('test:fail', ({ name, file, todo }) => {
    if (todo === undefined || todo === false)
      result.failed.push(`${relative('.', file ?? name)}: ${name}`);
  });
  // A file without a test that matches is reported as a test of the file's name.
  stream.on('test:complete', ({ name }) => {
    if (!files.includes(name)) result.tests += 1;
  });
  for await (const text of stream.compose(spec)) print(String(text));
  return result;
};

/**
 * Runs suites with servers one file after the other, for each file has a Kafka and a Cassandra that are not busy with another. Those
 * without servers run beside them: tests with servers wait for most of their time. Their report comes when they have ended.
 */
const runAll = async (files: readonly string[], signal: AbortSignal): Promise<Result> => {
  const [serving, others] = [
    files.filter(needsServers),
    files.filter((file) => !needsServers(file)),
  ];
  const write = (text: string): void => void process.stdout.write(text);
  if (serving.length === 0 || others.length === 0)
    return runFiles([...files], others.length === 0 ? 1 : availableParallelism(), write, signal);
  const kept: string[] = [];
  const [one, other] = await Promise.all([
    runFiles(serving, 1, write, signal),
    runFiles(others, 1, watch ? write : (text) => kept.push(text), signal),
  ]);
  write(kept.join(''));
  return { tests: one.tests + other.tests, failed: [...one.failed, ...other.failed] };
};

await main(async (signal) => {
  const files =
    command.args.length > 0
      ? [...new Set(command.args.flatMap(filesOf))]
      : suites([...withoutServers, ...(serversAllowed ? withServers : [])]);
  const needy = files.find(needsServers);
  if (!serversAllowed && needy !== undefined)
    throw new UserFacingError(`${needy}: it may need servers; run it by npm test -- ${needy}`);
  await using servers = await serversFor(files, signal);
  if (servers !== null)
    Object.assign(process.env, {
      TEST_KAFKA_BOOTSTRAP_SERVERS: servers.bootstrapServers.join(','),
      TEST_CASSANDRA_CONTACT_POINTS: servers.cassandra.CASSANDRA_CONTACT_POINTS,
      TEST_CASSANDRA_LOCAL_DATACENTER: servers.cassandra.CASSANDRA_LOCAL_DATACENTER,
    });
  const { tests, failed } = await runAll(files, signal);
  if (tests === 0 && testNamePattern !== undefined)
    throw new UserFacingError(
      `No test of these files has a title that matches ${testNamePattern}.`,
    );
  print(
    failed.length === 0
      ? `Tests: ${tests}, none has failed.`
      : `Tests: ${tests}, failed: ${failed.length}\n${failed.map((one) => `  ${one}`).join('\n')}`,
  );
  return failed.length === 0 ? 0 : 1;
});
