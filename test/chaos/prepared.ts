import { functionTableNames } from '../../schema/tables.ts';
import type { ChaosKeyspace } from './scenes.ts';
import { withClient } from './scenes.ts';

/** Evicts the prepared statements of the tables, by adding and dropping a column. */
export const evictPrepared = (keyspace: ChaosKeyspace): Promise<void> =>
  withClient(keyspace, async (client) => {
    for (const table of functionTableNames)
      for (const change of ['ADD chaos int', 'DROP chaos'])
        await client.execute(`ALTER TABLE ${keyspace.name}.${table} ${change}`, [], {
          prepare: false,
        });
  });

/** Counts the prepared statements of the keyspace on its server. */
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
