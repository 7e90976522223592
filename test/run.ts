import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { Command } from 'commander';
import { LocalError } from '../local/local-error.ts';
import { main } from '../local/main.ts';
import { openServers, type Servers } from '../local/open-servers.ts';
import { say } from '../local/print.ts';
import { loadedBy } from './support/imports.ts';

/** Suites whose tests need servers, and those that run without any. test/README.md says what each is for. */
const withServers = ['chaos', 'integration'];
const withoutServers = ['unit', 'infra', 'simulation'];

/** Chaos takes the longest and waits for servers of its own; it begins first, and suites that compute run beside it. */
const order = ['chaos', ...withoutServers, 'integration'];

/** A test whose file loads this module asks for the addresses of this run's Kafka and Cassandra. */
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

/** @throws {LocalError} when the name stands for no file, or for a file that holds no tests. */
const filesOf = (name: string): string[] => {
  const matching = globSync(name);
  if (matching.length === 0)
    throw new LocalError(`${name}: there is no such file. test/README.md lists the suites.`);
  const files = matching.flatMap((path) =>
    statSync(path).isDirectory() ? globSync(`${path}/**/*.test.ts`).toSorted() : [path],
  );
  const other = files.find((file) => !file.endsWith('.test.ts'));
  if (other !== undefined)
    throw new LocalError(`${other}: it holds no tests; the name of a test file ends in .test.ts.`);
  if (files.length === 0) throw new LocalError(`${name}: the folder holds no test file.`);
  return files.map((file) => join(file));
};

/** Opens nothing unless one of the files needs it. */
const serversFor = async (
  files: readonly string[],
  signal: AbortSignal,
): Promise<Servers | null> =>
  files.some((file) => loadedBy(file).has(addresses))
    ? await openServers({ onStep: say, signal })
    : null;

/**
 * Runs the files in their order, and tells whether all their tests have passed.
 * @throws {LocalError} when no title matches the pattern.
 */
const runFiles = async (files: string[], signal: AbortSignal): Promise<boolean> => {
  let passed = true;
  let tests = 0;
  const stream = run({
    files,
    watch,
    signal,
    // Also two processors are worth two files: many tests wait. More would share one Kafka and one Cassandra.
    concurrency: serversAllowed ? 2 : Math.max(2, availableParallelism()),
    ...(testNamePattern !== undefined && { testNamePatterns: testNamePattern }),
  });
  stream.on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) passed = false;
  });
  // A file without a test that matches is reported as a test of the file's name.
  stream.on('test:complete', ({ name }) => {
    if (!files.includes(name)) tests += 1;
  });
  const report = stream.compose(spec);
  for await (const text of report) process.stdout.write(text);
  if (tests === 0 && testNamePattern !== undefined)
    throw new LocalError(`No test of these files has a title that matches ${testNamePattern}.`);
  return passed;
};

await main(async (signal) => {
  const files =
    command.args.length > 0
      ? [...new Set(command.args.flatMap(filesOf))]
      : suites(serversAllowed ? order : withoutServers);
  const needy = files.find((file) => withServers.some((name) => file.startsWith(`test/${name}/`)));
  if (!serversAllowed && needy !== undefined)
    throw new LocalError(`${needy}: it may need servers; run it by npm test -- ${needy}`);
  await using servers = await serversFor(files, signal);
  if (servers !== null)
    Object.assign(process.env, {
      TEST_KAFKA_BOOTSTRAP_SERVERS: servers.bootstrapServers.join(','),
      TEST_CASSANDRA_CONTACT_POINTS: servers.cassandra.CASSANDRA_CONTACT_POINTS,
      TEST_CASSANDRA_LOCAL_DATACENTER: servers.cassandra.CASSANDRA_LOCAL_DATACENTER,
    });
  return (await runFiles(files, signal)) ? 0 : 1;
});
