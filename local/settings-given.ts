import { type Environment, variables } from '../functions/ingest/settings/read-settings.ts';

/** Collects the function's settings that are given with a command, such as LATENESS_RULE=batch; not those of the database. */
export const settingsGiven = (): Partial<Environment> =>
  Object.fromEntries(
    Object.keys(variables).flatMap((name) => {
      const value = process.env[name];
      return name.startsWith('CASSANDRA_') || value === undefined ? [] : [[name, value]];
    }),
  );
