import { kinds } from '../../event/kinds.ts';
import type { EventPlan } from '../../event/plan.ts';
import { UnavailableError } from '../../pipeline/errors.ts';

/** What Cassandra (3.11 to 5.0) and Amazon Keyspaces say of a column that a table does not have. */
const missing = /(?:undefined (?:column )?name|unknown identifier) "?(\w+)/i;

/**
 * Adds to the error of a write into user_events, where the server says that a column is missing, the statement that adds it. Other errors
 * are returned as they are.
 */
export const withAlter = (error: unknown, keyspace: string, { columns }: EventPlan): unknown => {
  if (!(error instanceof UnavailableError)) return error;
  const [, missingName] = missing.exec(error.message) ?? [];
  const column = columns.find(({ name }) => name === missingName);
  if (column === undefined || typeof column.source === 'string') return error;
  const table = `${keyspace}.user_events`;
  const { cql } = kinds[column.source.kind];
  return new UnavailableError(
    `${error.message}. Add the column to the table: ALTER TABLE ${table} ADD "${column.name}" ${cql}`,
    { cause: error.cause },
  );
};
