import { Client } from 'cassandra-driver';
import type { Config } from '../config.ts';
import { UnavailableError } from '../errors.ts';
import { classify } from './classify.ts';
import { clientOptions } from './client-options.ts';
import { authProvider } from './credentials.ts';

/** The connection to the database, for the life of the function's environment. */
export interface Session {
  /**
   * The connected client. A connect that failed is tried again by the next call.
   * @throws {UnavailableError} when the database cannot be reached or logged in to.
   */
  client(): Promise<Client>;
  close(): Promise<void>;
}

type SessionConfig = Pick<
  Config,
  'contactPoints' | 'localDataCenter' | 'tls' | 'ca' | 'auth' | 'secretArn'
>;

/**
 * Milliseconds. The driver bounds each of its steps, not their sum, and a login may wait for an answer without end.
 * Below the 10 s that Lambda gives a function to start.
 */
const connectTimeoutMs = 8_000;

export const createSession = (
  config: SessionConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Session => {
  let connected: Promise<Client> | null = null;

  const connect = async (): Promise<Client> => {
    const provider = await authProvider(config, environment);
    const client = new Client(clientOptions(config, provider));
    try {
      await within(connectTimeoutMs, client.connect());
      return client;
    } catch (error) {
      // Not awaited: it may wait for the very connection that never came about.
      client.shutdown().catch(() => {});
      throw classify(error, `connecting to Cassandra at ${config.contactPoints.join(', ')}`);
    }
  };

  return {
    client() {
      if (connected === null) {
        const connecting = connect();
        connected = connecting;
        connecting.catch(() => {
          if (connected === connecting) connected = null;
        });
      }
      return connected;
    },
    async close() {
      const closing = connected;
      connected = null;
      const client = await closing?.catch(() => null);
      await client?.shutdown();
    },
  };
};

const within = async <T>(milliseconds: number, promise: Promise<T>): Promise<T> => {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new UnavailableError(`no answer within ${milliseconds} ms`)),
    milliseconds,
  );
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
};
