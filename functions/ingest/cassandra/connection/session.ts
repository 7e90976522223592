import { Client } from 'cassandra-driver';
import {
  type IngestError,
  RefusedError,
  TransientError,
  UnavailableError,
  UnknownRefusalError,
} from '../../pipeline/errors.ts';
import type { Settings } from '../../settings/read-settings.ts';
import {
  type Contents,
  classify,
  isAboutTheTable,
  isRefusedLogin,
  unpreparedId,
} from '../refusals/classify.ts';
import { clientOptions } from './client-options.ts';
import { createLogins } from './logins.ts';
import { prepare } from './prepare.ts';

/** The connection to the database, for the life of the function's environment. */
export interface Session {
  /**
   * Runs a request on the connected client. A client that was left alone too long, or has lost its last connection, is
   * replaced first; a connect that failed is tried again by the next call.
   * @param what the request, for messages; names no contents.
   * @param contents the values of the one row that the request writes: what a message must not repeat.
   * @throws {TransientError} {UnavailableError} {RefusedError} {UnknownRefusalError} as classify.ts says.
   */
  run<T>(what: string, request: (client: Client) => Promise<T>, contents?: Contents): Promise<T>;
  /** The client that is connected, for what needs no request; null where there is none. */
  readonly client: Client | null;
  /**
   * Connects, if it is not connected. Throws as `run` does.
   * @param queries are prepared, where that is possible.
   */
  connect(queries?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

type SessionConfig = Pick<
  Settings,
  'contactPoints' | 'localDataCenter' | 'tls' | 'ca' | 'auth' | 'secretArn'
>;

/**
 * Milliseconds, of the secret and the connect together. The driver bounds each of its steps, not their sum, and a login
 * may wait for an answer without end. Half of the 10 s that Lambda gives a function to start.
 */
const connectTimeoutMs = 5_000;

/**
 * Milliseconds without a request after which a client is not trusted: Lambda froze the function meanwhile, and what
 * stands between it and the database forgets idle connections without a word. A new client takes some 20 ms.
 */
const longestIdleMs = 30_000;

interface Connected {
  readonly client: Client;
  /** Closes it, and does not wait: a broken client may wait for a connection that never comes about. */
  readonly abandon: () => void;
}

/** A client that connects or has connected. */
interface Current {
  readonly connected: Promise<Connected>;
  /** Null until it has connected. */
  client: Client | null;
  /** Milliseconds since the epoch: by the wall clock, for a frozen machine's monotonic one may stand still. */
  lastUsed: number;
}

export const createSession = (
  config: SessionConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Session => {
  const logins = createLogins(config, environment);
  const at = `connecting to Cassandra at ${config.contactPoints.join(', ')}`;
  let current: Current | null = null;

  /** The next request has a new client. */
  const replace = (replaced: Current): void => {
    if (current === replaced) current = null;
    replaced.connected.then(abandon, () => {});
  };

  const open = async (): Promise<Connected> => {
    const { provider, remembered } = await logins.login();
    const options = clientOptions(config, provider);
    const client = new Client(options);
    const opened: Connected = {
      client,
      abandon: () => {
        // The driver (4.10.0) connects anew when all connections are lost, even after a shutdown, if it knows where to.
        options.contactPoints?.splice(0);
        client.shutdown().catch(() => {});
      },
    };
    try {
      await client.connect();
      return opened;
    } catch (error) {
      opened.abandon();
      if (!isRefusedLogin(error)) throw error;
      // The password may have been changed since it was read.
      logins.forget();
      if (remembered) return open();
      throw error;
    }
  };

  const openInTime = async (): Promise<Connected> => {
    const opening = open();
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new TransientError(`${at} failed: no answer within ${connectTimeoutMs} ms`));
      opening.then(abandon, () => {});
    }, connectTimeoutMs);
    try {
      return await Promise.race([opening, timeout]);
    } finally {
      clearTimeout(timer);
    }
  };

  const connect = (): Current => {
    const connected = openInTime().catch((error: unknown) => {
      if (current === connecting) current = null;
      throw unconnected(error, at);
    });
    const connecting: Current = { connected, client: null, lastUsed: Date.now() };
    // Recovered by the driver itself, a client that lost all its connections has one host left of many.
    const watch = ({ client }: Connected): void => {
      connecting.client = client;
      client.on('hostDown', () => {
        if (!isConnected(client)) replace(connecting);
      });
    };
    connected.then(watch, () => {});
    return connecting;
  };

  const usable = (): Current => {
    if (current !== null && Math.abs(Date.now() - current.lastUsed) > longestIdleMs)
      replace(current);
    current ??= connect();
    return current;
  };

  return {
    async run(what, request, contents) {
      const used = usable();
      const client = used.client ?? (await used.connected).client;
      used.lastUsed = Date.now();
      try {
        return await request(client);
      } catch (error) {
        if (!isConnected(client)) replace(used);
        throw classify(await whyUnprepared(client, error), what, contents);
      } finally {
        used.lastUsed = Date.now();
      }
    },
    get client() {
      return current?.client ?? null;
    },
    async connect(queries = []) {
      const { client } = await usable().connected;
      await prepare(client, queries);
    },
    async close() {
      const closing = current;
      current = null;
      const connected = await closing?.connected.catch(() => null);
      await connected?.client.shutdown();
    },
  };
};

const isConnected = (client: Client): boolean => client.getState().getConnectedHosts().length > 0;

const abandon = (connected: Connected): void => connected.abandon();

/**
 * Finds out why a server does not know a prepared statement any more. The driver prepares it again, and where that is refused
 * (the table was dropped) it tells no reason. So the statement is sent as text, without the values that it asks for: it
 * writes nothing, and the server names the table.
 * @returns the server's answer where that is about the table or the keyspace, else the error as it was.
 */
const whyUnprepared = async (client: Client, error: unknown): Promise<unknown> => {
  const id = unpreparedId(error);
  const query = id === null ? undefined : client.metadata.getPreparedById(id)?.query;
  if (query === undefined) return error;
  try {
    await client.execute(query, [], { prepare: false });
  } catch (why) {
    if (isAboutTheTable(why)) return why;
  }
  return error;
};

/** No error of a connect is a fault of a row. */
const unconnected = (error: unknown, what: string): IngestError => {
  const classified = classify(error, what);
  return classified instanceof RefusedError || classified instanceof UnknownRefusalError
    ? new UnavailableError(`${what} failed: ${classified.message}`, { cause: error })
    : classified;
};
