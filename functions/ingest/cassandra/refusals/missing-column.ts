import { kinds } from '../../event/kinds.ts';
import type { EventPlan } from '../../event/plan.ts';
import { UnavailableError } from '../../pipeline/errors.ts';

/** The message of Cassandra (3.11 to 5.0) and Amazon Keyspaces about a missing column. */
const missing = /(?:undefined (?:column )?name|unknown identifier) "?(\w+)/i;

/**
 * Adds the ALTER TABLE statement to the error of a write into user_events that lacks a column. Other errors are returned
 * unchanged.
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
