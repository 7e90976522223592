import { throws } from 'node:assert/strict';
import { ConfigError } from '../../functions/ingest/settings/config-error.ts';
import { type Environment, readSettings } from '../../functions/ingest/settings/read-settings.ts';

/** The variables without a default. */
export const leastEnvironment: Environment = {
  CASSANDRA_CONTACT_POINTS: '10.0.0.1',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
  CASSANDRA_KEYSPACE: 'events',
  CONSUMER_GROUP_ID: 'user-events',
};

/** Reads the settings from these variables and the required ones. */
export const settingsOf = (given: Readonly<Record<string, string>> = {}) =>
  readSettings({ ...leastEnvironment, ...given });

/** Asserts that variables are refused. @returns the mistakes. */
export const mistakesOf = (
  given: Readonly<Record<string, string>>,
  base: Environment | object = leastEnvironment,
): readonly string[] => {
  let mistakes: readonly string[] = [];
  throws(
    () => readSettings({ ...base, ...given }),
    (error) => {
      if (!(error instanceof ConfigError)) return false;
      mistakes = error.mistakes;
      return true;
    },
  );
  return mistakes;
};
