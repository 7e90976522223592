import type { types } from 'cassandra-driver';
import type { Environment } from '../../functions/ingest/settings/read-settings.ts';
import { type Keyspace, openKeyspace as openLocalKeyspace } from '../../local/keyspace.ts';
import { testServers } from './test-environment.ts';

export interface TestKeyspace extends Keyspace {
  rows(query: string): Promise<types.Row[]>;
}

/** Creates a keyspace with a random name and the tables on the test run's Cassandra. Disposing of it drops it. */
export const openKeyspace = async (settings: Partial<Environment> = {}): Promise<TestKeyspace> => {
  const keyspace = await openLocalKeyspace(testServers(), settings);
  return { ...keyspace, rows: (query) => Array.fromAsync(keyspace.stream(query)) };
};
