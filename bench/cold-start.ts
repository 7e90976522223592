// `npm run bench:cold`: measures the milliseconds from the start of a process to its first acknowledged write, with the shipped
// bundle. Runs of all kinds take turns; the figures are medians.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeEnvironment } from '../infra/node-environment.ts';
import { bundleFunction } from '../local/function/bundle.ts';
import { openKeyspace } from '../local/keyspace.ts';
import { main } from '../local/main.ts';
import { say, table } from '../local/print.ts';
import { type CassandraServer, startCassandra } from '../local/servers/cassandra.ts';
import { startSecretsManager } from '../test/support/secrets-manager.ts';
import { firstEvents } from './recording.ts';
import { median } from './statistics.ts';

const rounds = 15;
const script = join(import.meta.dirname, 'cold-start-process.js');

interface Kind {
  readonly name: string;
  /** The environment variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

/** Starts a process; gives the milliseconds to its first write and, with a bundle, those of its parts. */
const start = async ({ environment, args }: Kind): Promise<number[]> => {
  const began = performance.now();
  const child = spawn(process.execPath, [script, ...args], {
    // The same variables as a deployed function has (infra/bundled-function.ts).
    env: { ...nodeEnvironment, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let output = '';
  let took = 0;
  for await (const chunk of child.stdout) {
    output += chunk;
    if (took === 0 && output.includes('\n')) took = performance.now() - began;
  }
  await ended;
  const [line = '', parts = '[]'] = output.split('\n');
  if (!line.includes('"message":"batch"') || /"failed":[1-9]/.test(line))
    throw new Error(`nothing was written: ${output}`);
  return [took, ...JSON.parse(parts || '[]')];
};

const medianOf = (runs: readonly number[][], part: number): string =>
  median(runs.map((run) => run[part] ?? Number.NaN))
    .toFixed(0)
    .replace('NaN', '');

const pointsOf = ({ contactPoints, localDataCenter, ca }: CassandraServer) => ({
  CASSANDRA_CONTACT_POINTS: contactPoints.join(','),
  CASSANDRA_LOCAL_DATACENTER: localDataCenter,
  ...(ca === null ? { CASSANDRA_TLS: 'off' } : { CASSANDRA_CA: ca }),
});

await main(async () => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'cold-start-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const bundle = await bundleFunction(join(folder, 'bundle'));
  const event = join(folder, 'event.json');
  const [text = ''] = firstEvents(1, { recordsPerBatch: 1, partitions: 6 });
  await writeFile(event, text);

  say('Starting two Cassandras …');
  const plain = opened.use(await startCassandra());
  const secured = opened.use(await startCassandra({ tls: true, password: true }));
  const secret = JSON.stringify(secured.credentials);
  const secrets = opened.use(await startSecretsManager({ cassandra: secret }));
  const aws = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  };
  Object.assign(process.env, aws);
  const kinds: Kind[] = [{ name: 'Node alone', environment: {}, args: [] }];
  for (const [name, cassandra] of [
    ['plain', pointsOf(plain)],
    [
      'TLS and password',
      { ...pointsOf(secured), CASSANDRA_AUTH: 'password', CASSANDRA_SECRET_ARN: 'cassandra' },
    ],
  ] as const) {
    const servers = {
      bootstrapServers: [],
      cassandra,
      ownCassandra: false,
      [Symbol.asyncDispose]: async () => {},
    };
    const keyspace = opened.use(await openKeyspace(servers));
    const environment = { ...aws, ...keyspace.environment };
    const cache = { NODE_COMPILE_CACHE: join(folder, name) };
    kinds.push({ name, environment, args: [bundle, event] });
    kinds.push({
      name: `${name}, compile cache`,
      environment: { ...environment, ...cache },
      args: [bundle, event],
    });
  }
  const times = new Map(kinds.map(({ name }) => [name, [] as number[][]]));
  // The first round fills the caches and is not counted.
  for (let round = 0; round <= rounds; round += 1)
    for (const kind of kinds) {
      const took = await start(kind);
      if (round > 0) times.get(kind.name)?.push(took);
    }
  const { size } = await stat(bundle);
  say(`The file that every start reads has ${(size / 1000).toFixed(0)} kB.`);
  say(
    table(
      ['process', 'ms to the first write', 'boot', 'init', 'first batch'],
      [...times].map(([name, all]) => [name, ...[0, 1, 2, 3].map((part) => medianOf(all, part))]),
      true,
    ),
  );
  return 0;
});
