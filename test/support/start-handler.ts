import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { leastEnvironment } from './settings.ts';

/** Runs the handler's file in a process of its own, with a database that refuses connections. */
export const startHandler = (given: Record<string, string>) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../../functions/ingest/handler.ts')], {
    env: {
      ...process.env,
      ...leastEnvironment,
      CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
      CASSANDRA_TLS: 'off',
      ...given,
    },
    encoding: 'utf8',
    timeout: 60_000,
  });
