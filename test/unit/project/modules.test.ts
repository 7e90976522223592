import { notStrictEqual } from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

// Coverage counts the files that are loaded. A file that no test imports would be missing from it, and not count as untested.

/** What functions read when they are loaded. Nobody listens at the contact point: connecting fails, and is left to the first batch. */
Object.assign(process.env, {
  CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
  CASSANDRA_KEYSPACE: 'events',
  CASSANDRA_TLS: 'off',
  CONSUMER_GROUP_ID: 'user-events',
});

for (const file of globSync('functions/**/*.ts', { exclude: ['**/*.d.ts'] }).toSorted())
  test(`${file} can be loaded by itself`, async (t) => {
    const module = await import(join(process.cwd(), file));
    t.after(() => module.close?.());
    notStrictEqual(module, undefined);
  });
