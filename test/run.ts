import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { printStep } from '../cli/terminal/print.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { openServers, type Servers } from '../local/open-servers.ts';
import { temporaryFolder } from '../local/servers/temporary-folder.ts';
import { partsOf } from './parts.ts';
import { reportOf } from './run-files.ts';
import { runParts } from './run-parts.ts';
import { filesOfSuites, isOf, sharesServers, withoutServers, withServers } from './suites.ts';

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
  .option('--test-name-pattern <pattern>', 'run only the tests whose title matches the pattern')
  .option('--watch', 'run a file again when it or what it imports changes', false)
  .option('--no-servers', `run only the suites that need no servers (${withoutServers.join(', ')})`)
  .parse();
const { servers: serversAllowed, watch, testNamePattern } = command.opts<Options>();

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
  files.some(sharesServers) ? await openServers({ onStep: printStep, signal }) : null;

await main(async (signal) => {
  const files =
    command.args.length > 0
      ? [...new Set(command.args.flatMap(filesOf))]
      : filesOfSuites([...withoutServers, ...(serversAllowed ? withServers : [])]);
  const needy = files.find((file) => isOf(withServers, file));
  if (!serversAllowed && needy !== undefined)
    throw new UserFacingError(`${needy}: it may need servers; run it by npm test -- ${needy}`);
  // Many processes load the same modules.
  await using cache = files.length > 1 ? await temporaryFolder('test-modules') : null;
  if (cache !== null) process.env['NODE_COMPILE_CACHE'] = cache.path;
  // A server of a test lives for a minute: code that is compiled at once and no further is the cheaper one.
  process.env['JDK_JAVA_OPTIONS'] =
    `-XX:TieredStopAtLevel=1 ${process.env['JDK_JAVA_OPTIONS'] ?? ''}`;
  await using servers = await serversFor(files, signal);
  if (servers !== null)
    Object.assign(process.env, {
      TEST_KAFKA_BOOTSTRAP_SERVERS: servers.bootstrapServers.join(','),
      TEST_CASSANDRA_CONTACT_POINTS: servers.cassandra.CASSANDRA_CONTACT_POINTS,
      TEST_CASSANDRA_LOCAL_DATACENTER: servers.cassandra.CASSANDRA_LOCAL_DATACENTER,
    });
  const options = { watch, signal, ...(testNamePattern === undefined ? {} : { testNamePattern }) };
  return reportOf(await runParts(partsOf(files), options), testNamePattern);
});
