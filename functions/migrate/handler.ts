import { parseTable } from '../../schema/table-definition.ts';
import userEvent from '../../schema/user-event.avsc.json' with { type: 'json' };
import { createSession } from '../ingest/cassandra/connection/session.ts';
import { compilePlan } from '../ingest/event/plan.ts';
import { readSettings } from '../ingest/settings/read-settings.ts';
import { shortened } from './answer.ts';
import { migrate, type Target } from './migrate.ts';

/** What CloudFormation says of the resource `Custom::CassandraTables` (infra/cassandra-tables.ts). */
export interface TablesEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** The answer to an earlier request; a Create has none. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: {
    readonly Keyspace: string;
    /** Replicas by data centre, as text: CloudFormation has no numbers. */
    readonly Replication?: Readonly<Record<string, string>>;
    readonly Tables: readonly string[];
  };
}

export interface TablesResponse {
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly Created: string; readonly Warning?: string };
}

/** Milliseconds: a busy cluster makes a table slowly. */
const readTimeout = 30_000;

/**
 * Makes or checks the tables when a resource is created: each definition of them is a resource of its own, so that a deploy
 * creates one and deletes the one before. When the stack or the resource goes, nothing is done: the tables stay.
 *
 * A rollback only deletes, and never fails. An Update comes of no template of this project; since it may be a rollback, and
 * nothing in it tells, what differs is a warning there
 * (docs/decisions/0012-what-a-refusal-says-of-a-row.md).
 * @throws for a Create alone: where the schema of events and the table do not fit together, or the server's tables are not what
 * they must be. The message is short enough for CloudFormation, and the whole is in the log.
 */
export const handler = async (event: TablesEvent): Promise<TablesResponse> => {
  const { RequestType, ResourceProperties } = event;
  if (RequestType === 'Delete')
    return { PhysicalResourceId: event.PhysicalResourceId ?? nameOf(ResourceProperties) };
  const PhysicalResourceId = nameOf(ResourceProperties);
  try {
    const created = await makeTables(ResourceProperties);
    return { PhysicalResourceId, Data: { Created: created.join(', ') } };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const level = RequestType === 'Create' ? 'ERROR' : 'WARN';
    log({ level, message: error.message, error: error.name, stack: error.stack });
    const message = shortened(error.message, logGroup());
    if (RequestType === 'Update')
      return { PhysicalResourceId, Data: { Created: '', Warning: message } };
    // CDK's framework sends the message and the lines of the stack behind the first: these would repeat it.
    throw Object.assign(error, { message, stack: error.name });
  }
};

const nameOf = ({ Keyspace }: TablesEvent['ResourceProperties']): string => `tables-of-${Keyspace}`;

const log = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const logGroup = (): string => {
  const name = process.env['AWS_LAMBDA_LOG_GROUP_NAME'];
  return name === undefined ? 'the function’s log' : `the log group ${name}`;
};

const makeTables = async ({
  Keyspace,
  Replication,
  Tables,
}: TablesEvent['ResourceProperties']): Promise<string[]> => {
  for (const table of Tables.map(parseTable))
    if (table.name === 'user_events') compilePlan(userEvent, table);
  const session = createSession(readSettings(process.env), process.env);
  const target: Target = {
    keyspace: Keyspace,
    replication: Replication ?? null,
    statements: Tables,
  };
  try {
    return await migrate(async (what, query, values) => {
      // The session hides what a server says, for it may name a row; what it says of a definition names none.
      const [done] = await session.run(what, (client) =>
        // System tables are read once, and definitions cannot be prepared.
        Promise.allSettled([client.execute(query, values, { prepare: false, readTimeout })]),
      );
      if (done.status === 'fulfilled') return done.value;
      throw new Error(`${what} failed: ${done.reason.message}`, { cause: done.reason });
    }, target);
  } finally {
    await session.close();
  }
};
