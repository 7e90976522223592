import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { nodeEnvironment } from '../infra/node-environment.ts';
import type { Servers } from '../local/open-servers.ts';
import type { CassandraServer } from '../local/servers/cassandra.ts';
import { startSecretsManager } from '../test/support/secrets-manager.ts';

const script = join(import.meta.dirname, 'cold-start-process.js');

/** A process of a function that is started to write one event. */
export interface Start {
  /** The environment variables of the process, besides those of every function. */
  readonly environment: Readonly<Record<string, string>>;
  /** The arguments: the bundle and the event's file. */
  readonly args: readonly string[];
}

/**
 * Starts a process; gives the milliseconds to its first write and, with a bundle, those of its parts.
 * @param signal kills the process.
 */
export const firstWrite = async (
  { environment, args }: Start,
  signal: AbortSignal,
): Promise<number[]> => {
  signal.throwIfAborted();
  const began = performance.now();
  const child = spawn(process.execPath, [script, ...args], {
    // The same variables as a deployed function has (infra/bundled-function.ts).
    env: { ...nodeEnvironment, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  guardProcess(child);
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  const ended = once(child, 'exit');
  let output = '';
  let took = 0;
  for await (const chunk of child.stdout) {
    output += chunk;
    if (took === 0 && output.includes('\n')) took = performance.now() - began;
  }
  await ended;
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  const [line = '', parts = '[]'] = output.split('\n');
  if (!line.includes('"message":"batch"') || /"failed":[1-9]/.test(line))
    throw new Error(`nothing was written: ${output}`);
  return [took, ...JSON.parse(parts || '[]')];
};

/** Makes the variables by which a function reaches a Cassandra. */
export const pointsOf = ({ contactPoints, localDataCenter, ca }: CassandraServer) => ({
  CASSANDRA_CONTACT_POINTS: contactPoints.join(','),
  CASSANDRA_LOCAL_DATACENTER: localDataCenter,
  ...(ca === null ? { CASSANDRA_TLS: 'off' } : { CASSANDRA_CA: ca }),
});

/** Makes servers of a Cassandra alone, without a Kafka. */
export const onlyCassandra = (cassandra: Servers['cassandra']): Servers => ({
  bootstrapServers: [],
  cassandra,
  externalCassandra: false,
  [Symbol.asyncDispose]: async () => {},
});

/** Starts a Secrets Manager with a Cassandra's login; gives the variables by which a function finds both. */
export const passwordOf = async ({ credentials }: CassandraServer) => {
  const secrets = await startSecretsManager({ cassandra: JSON.stringify(credentials) });
  return {
    environment: { CASSANDRA_AUTH: 'password', CASSANDRA_SECRET_ARN: 'cassandra' },
    aws: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    },
    [Symbol.asyncDispose]: () => secrets[Symbol.asyncDispose](),
  };
};
