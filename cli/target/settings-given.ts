import {
  type Environment,
  readSettings,
  type Settings,
  variables,
} from '../../functions/ingest/settings/read-settings.ts';

/** The variables that say how rows are written, and not where Cassandra is. */
const ofBatches = ['CASSANDRA_BATCHES', 'CASSANDRA_BATCH_PARTITIONS', 'CASSANDRA_BATCH_KIB'];

/** Collects the function's settings that are given with a command, such as LATENESS_RULE=batch; not the place of the database. */
export const settingsGiven = (): Partial<Environment> =>
  Object.fromEntries(
    Object.keys(variables).flatMap((name) => {
      const value = process.env[name];
      const isPlace = name.startsWith('CASSANDRA_') && !ofBatches.includes(name);
      return isPlace || value === undefined ? [] : [[name, value]];
    }),
  );

/** Names the consumer group of a pipeline where nobody does: by its keyspace. */
export const usualGroup = (keyspace: string): string => `user-events-${keyspace}`;

/** Placeholders of the settings that the function must have, for uses that reach no database. */
export const noDatabase = {
  CASSANDRA_CONTACT_POINTS: 'none',
  CASSANDRA_LOCAL_DATACENTER: 'none',
  CASSANDRA_KEYSPACE: 'none',
  CONSUMER_GROUP_ID: 'none',
} as const;

/**
 * Reads the settings that are given with a command, with placeholders for the database.
 * @throws {ConfigError} naming every mistake.
 */
export const settingsWithoutDatabase = (): Settings =>
  readSettings({
    ...noDatabase,
    ...settingsGiven(),
  });
