import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { scriptCommand } from '../local/command.ts';
import { main } from '../local/main.ts';
import { openServers, type Servers } from '../local/open-servers.ts';
import { printStep } from '../local/print.ts';
import { UserFacingError } from '../local/user-facing-error.ts';
import { type Result, reportOf, runFiles } from './run-files.ts';
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

const withoutAny = process.argv.includes('--no-servers');

const command = scriptCommand({
  name: withoutAny ? 'test:unit' : 'test',
  does: withoutAny
    ? `Runs the tests that need no servers (${withoutServers.join(', ')}), or those of the files that are named.`
    : 'Runs all tests, or those of the files that are named. Kafka and Cassandra are started where one of the files needs them.',
  takes: withoutAny
    ? 'about 3 minutes for all, and seconds for a file'
    : 'about 10 minutes for all, seconds for a file without servers, and up to half a minute to start them',
})
  .argument('[files...]', 'test files, folders of them, or patterns such as "test/unit/**/avro/*"')
  .option('--test-name-pattern <pattern>', 'run the tests alone whose title matches it')
  .option('--watch', 'run a file again when it or what it imports changes', false)
  .option(
    '--no-servers',
    `run the suites alone that need no servers (${withoutServers.join(', ')})`,
  )
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
    ? await openServers({ onStep: printStep, signal })
    : null;

const needsServers = (file: string): boolean =>
  withServers.some((name) => file.startsWith(join('test', name, '/')));

/** Tells whether a file's tests use the Kafka and the Cassandra that are started for the run; chaos starts its own. */
const sharesServers = (file: string): boolean => file.startsWith(join('test', 'integration', '/'));

/**
 * Runs the files that share servers one after the other, for each has a Kafka and a Cassandra that are not busy with another. All others
 * run beside them: tests with servers wait for most of their time. Their report comes when they have ended.
 */
const runAll = async (files: readonly string[], signal: AbortSignal): Promise<Result> => {
  const [serving, others] = [
    files.filter(sharesServers),
    files.filter((file) => !sharesServers(file)),
  ];
  const write = (text: string): void => void process.stdout.write(text);
  const options = { watch, signal, ...(testNamePattern === undefined ? {} : { testNamePattern }) };
  if (serving.length === 0 || others.length === 0)
    return runFiles([...files], {
      ...options,
      atOnce: others.length === 0 ? 1 : availableParallelism(),
      print: write,
    });
  const kept: string[] = [];
  const [one, other] = await Promise.all([
    runFiles(serving, { ...options, atOnce: 1, print: write }),
    runFiles(others, { ...options, atOnce: 1, print: watch ? write : (text) => kept.push(text) }),
  ]);
  write(kept.join(''));
  return {
    tests: one.tests + other.tests,
    failed: [...one.failed, ...other.failed],
    isBelow: false,
  };
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
  return reportOf(await runAll(files, signal), testNamePattern);
});
