import { createSession } from '../ingest/cassandra/session.ts';
import { readConfig } from '../ingest/config.ts';
import { migrate } from './migrate.ts';

/** What CloudFormation says of the resource `Custom::CassandraTables` (infra/cassandra-tables.ts). */
export interface TablesEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResourceProperties: {
    readonly Keyspace: string;
    /** Replicas by data centre, as text: CloudFormation has no numbers. */
    readonly Replication?: Readonly<Record<string, string>>;
    readonly Tables: readonly string[];
  };
}

export interface TablesResponse {
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly Created: string };
}

/** Milliseconds: a busy cluster makes a table slowly. */
const readTimeout = 30_000;

/** Makes or checks the tables at a deploy. When the stack or the resource goes, nothing is done: they stay. */
export const handler = async ({
  RequestType,
  ResourceProperties: { Keyspace, Replication, Tables },
}: TablesEvent): Promise<TablesResponse> => {
  const PhysicalResourceId = `tables-of-${Keyspace}`;
  if (RequestType === 'Delete') return { PhysicalResourceId };
  const session = createSession(readConfig(process.env), process.env);
  try {
    const created = await migrate(
      async (what, query, values) => {
        // The session hides what a server says, for it may name a row; what it says of a definition names none.
        const [done] = await session.run(what, (client) =>
          // System tables are read once, and definitions cannot be prepared.
          Promise.allSettled([client.execute(query, values, { prepare: false, readTimeout })]),
        );
        if (done.status === 'fulfilled') return done.value;
        throw new Error(`${what} failed: ${done.reason.message}`, { cause: done.reason });
      },
      { keyspace: Keyspace, replication: Replication ?? null, statements: Tables },
    );
    return { PhysicalResourceId, Data: { Created: created.join(', ') } };
  } finally {
    await session.close();
  }
};
