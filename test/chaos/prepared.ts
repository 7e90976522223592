import { tableNames } from '../../schema/tables.ts';
import type { ChaosKeyspace } from './scenes.ts';
import { withClient } from './scenes.ts';

/** Has the servers forget the statements of these tables: those of a table that gains or loses a column are not kept. */
export const evictPrepared = (keyspace: ChaosKeyspace): Promise<void> =>
  withClient(keyspace, async (client) => {
    for (const table of tableNames)
      for (const change of ['ADD chaos int', 'DROP chaos'])
        await client.execute(`ALTER TABLE ${keyspace.name}.${table} ${change}`, [], {
          prepare: false,
        });
  });

/** How many statements of its tables the server has; a node of its own is asked. */
export const preparedOf = (keyspace: ChaosKeyspace): Promise<number> =>
  withClient(keyspace, async (client) => {
    const { rows } = await client.execute(
      'SELECT query_string FROM system.prepared_statements',
      [],
      {
        prepare: false,
        consistency: 1,
      },
    );
    return rows.filter((row) => String(row['query_string']).includes(keyspace.name)).length;
  });
