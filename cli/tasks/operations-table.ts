import { type Client, errors, types } from 'cassandra-driver';
import { classify } from '../../functions/ingest/cassandra/refusals/classify.ts';
import { parseTable } from '../../schema/table-definition.ts';
import { createTables, operationsTable } from '../../schema/tables.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { tasksScope } from './task-rows.ts';

/** Writes the statement that makes the table of operations in a keyspace. */
export const createOperationsTable = (keyspace: string): string => {
  const statement = createTables().find((one) => parseTable(one).name === operationsTable) ?? '';
  return `${statement.replace(/(?<=EXISTS )/, `${keyspace}.`)};`;
};

/**
 * Reads from the table of operations, so that a command learns that it is missing before it writes anything.
 * @throws {UserFacingError} where there is no such table, with the statement that makes it, or where it cannot be read.
 */
export const findOperationsTable = async (client: Client, target: Target): Promise<void> => {
  const { keyspace } = target.settings;
  const query = `SELECT item FROM ${keyspace}.${operationsTable} WHERE scope = '${tasksScope}' LIMIT 1`;
  try {
    await client.execute(query, [], { prepare: false });
  } catch (error) {
    throw new UserFacingError(
      isMissing(error)
        ? missing(target)
        : `${keyspace}.${operationsTable} cannot be read: ${classify(error, 'reading it').message}.`,
      { cause: error },
    );
  }
};

/** Tells whether an error says that there is no such table: Cassandra and Keyspaces say it in different words. */
const isMissing = (error: unknown): boolean =>
  error instanceof errors.ResponseError &&
  error.code === types.responseErrorCodes.invalid &&
  /^(?!keyspace).*(?:does not exist|unconfigured)/i.test(error.message);

const missing = ({ name, settings: { keyspace } }: Target): string =>
  `${name} has no table ${keyspace}.${operationsTable}, which keeps tasks, outcomes and audit lines, so that nothing was written. The next ` +
  'deploy of a stage makes it. Where a stage leaves its tables to others, make it by:\n\n' +
  createOperationsTable(keyspace);
