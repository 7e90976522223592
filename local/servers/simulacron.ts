import { join } from 'node:path';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { findJava, temporariesIn } from './java.ts';
import { fetchArtifacts } from './maven.ts';
import { freePorts } from './ports.ts';
import { startServer } from './server-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const version = '0.12.0';
const localDataCenter = 'dc1';

/** An answer to a statement. A write timeout is the answer of Amazon Keyspaces when it throttles. */
export type Answer =
  | 'success'
  | 'write_timeout'
  | 'unavailable'
  | 'overloaded'
  | 'close_connection'
  | { readonly successAfterMs: number }
  /** The server calls the request invalid (0x2200), with this message. */
  | { readonly invalid: string };

/** A prepared statement that was executed, alone or in a batch. */
export interface Executed {
  readonly query: string;
  /** The time of the execution, in milliseconds. */
  readonly at: number;
  /** The statement's values as they were encoded; null for an absent value. */
  readonly values: readonly (Buffer | null)[];
}

/** A server of Cassandra's protocol without a database: it gives configured answers, and remembers the requests. */
export interface Simulacron extends AsyncDisposable {
  readonly contactPoints: readonly string[];
  readonly localDataCenter: string;
  /**
   * Sets the answers to statements, and to batches of up to a hundred times one of them. All other requests succeed without rows.
   */
  readonly answer: (answers: ReadonlyMap<string, Answer>) => Promise<void>;
  /** Lists every execution since the last `forget`. */
  readonly executed: () => Promise<Executed[]>;
  readonly forget: () => Promise<void>;
}

/** Starts Simulacron. @throws {UserFacingError} where it cannot be started. */
export const startSimulacron = async (): Promise<Simulacron> => {
  const java = await findJava();
  const library = await fetchArtifacts('simulacron', version, java);
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder('user-events-simulacron'));
  const [httpPort = 0, port = 0] = await freePorts(2);
  const call = async (method: string, path: string, body?: object): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${httpPort}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok)
      throw new UserFacingError(
        `Simulacron answered ${response.status} to ${method} ${path}: ${answer}`,
      );
    return answer;
  };
  resources.use(
    await startServer({
      name: 'Simulacron',
      java,
      arguments: [
        ...temporariesIn(folder.path),
        ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
        ...['-jar', join(library, `simulacron-standalone-${version}.jar`)],
        ...['-t', '127.0.0.1', '-p', `${httpPort}`, '-s', `${port}`, '-l', 'ERROR'],
      ],
      log: join(folder.path, 'log'),
      ready: async () => {
        await call('GET', '/cluster');
      },
    }),
  );
  await call('POST', '/cluster?data_centers=1&cassandra_version=4.0.0');
  const owned = resources.move();
  const queries = new Map<string, string>();
  return {
    contactPoints: [`127.0.0.1:${port}`],
    localDataCenter,
    answer: async (answers) => {
      // The prepared statements are forgotten too, because they would keep their old answers: drivers then meet UNPREPARED.
      // Reading is paused meanwhile: a statement prepared without a configured answer would succeed for ever.
      await call('PUT', '/pause-reads/0');
      await call('DELETE', '/prime/0');
      for (const [query, answer] of answers) {
        queries.set(idOf(query), query);
        const then = { ...thenOf(answer), ignore_on_prepare: true };
        await Promise.all(
          [{ request: 'query', query }, ...batchesOf(query)].map((when) =>
            call('POST', '/prime/0', { when, then }),
          ),
        );
      }
      await call('DELETE', '/pause-reads/0');
    },
    executed: async () => executions(JSON.parse(await call('GET', '/log/0')), queries),
    forget: async () => {
      await call('DELETE', '/log/0');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

const atQuorum = { consistency_level: 'LOCAL_QUORUM', delay_in_ms: 0 };

/** Converts an answer to the form of Simulacron's HTTP interface. https://github.com/datastax/simulacron */
const thenOf = (answer: Answer): object => {
  if (typeof answer === 'object')
    return 'invalid' in answer
      ? { result: 'invalid', message: answer.invalid, delay_in_ms: 0 }
      : success(answer.successAfterMs);
  switch (answer) {
    case 'success':
      return success(0);
    case 'write_timeout':
      return { ...atQuorum, result: answer, received: 0, block_for: 2, write_type: 'SIMPLE' };
    case 'unavailable':
      return { ...atQuorum, result: answer, alive: 1, required: 2 };
    case 'overloaded':
      return { result: answer, message: 'overloaded', delay_in_ms: 0 };
    case 'close_connection':
      return { result: answer, close_type: 'disconnect', scope: 'connection', delay_in_ms: 0 };
  }
};

const success = (delayMs: number): object => ({
  result: 'success',
  rows: [],
  column_types: {},
  delay_in_ms: delayMs,
});

interface ActivityLog {
  readonly data_centers: readonly {
    readonly nodes: readonly { readonly queries: readonly LoggedQuery[] }[];
  }[];
}

interface LoggedQuery {
  readonly query: string | null;
  readonly type: string;
  readonly received_timestamp: number;
  readonly frame: {
    readonly message: {
      readonly options?: { readonly positional_values?: readonly LoggedValue[] };
      /** The statements of a batch; `values` has a row for each. */
      readonly queries_or_ids?: readonly string[];
      readonly values?: readonly (readonly LoggedValue[])[];
    };
  };
}

/** A value in base64. */
type LoggedValue = string | null;

/** The most statements of a batch with a configured answer: Simulacron matches all of them, so that each size is configured. */
const mostStatements = 100;

const batchesOf = (query: string): object[] =>
  Array.from({ length: mostStatements }, (_, index) => ({
    request: 'batch',
    queries: Array.from({ length: index + 1 }, () => ({ query, params: {}, param_types: {} })),
  }));

/** Computes the id of a prepared statement: Java's hash of its text, in base64. */
const idOf = (query: string): string => {
  let hash = 0;
  for (let index = 0; index < query.length; index += 1)
    hash = (Math.imul(31, hash) + query.charCodeAt(index)) | 0;
  const id = Buffer.alloc(4);
  id.writeInt32BE(hash);
  return id.toString('base64');
};

/**
 * Lists the executions of an activity log.
 * @param prepared the texts of statements, by their ids.
 */
const executions = (
  { data_centers }: ActivityLog,
  prepared: ReadonlyMap<string, string>,
): Executed[] =>
  data_centers
    .flatMap(({ nodes }) => nodes.flatMap(({ queries }) => queries))
    .flatMap(({ query, type, received_timestamp: at, frame: { message } }) => {
      if (type === 'EXECUTE')
        return [{ query: query ?? '', at, values: decode(message.options?.positional_values) }];
      if (type !== 'BATCH') return [];
      return (message.queries_or_ids ?? []).map((id, index) => ({
        query: prepared.get(id) ?? '',
        at,
        values: decode(message.values?.[index]),
      }));
    });

const decode = (values: readonly LoggedValue[] = []): Executed['values'] =>
  values.map((value) => (value === null ? null : Buffer.from(value, 'base64')));
