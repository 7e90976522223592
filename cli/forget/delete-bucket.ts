import { setTimeout as delay } from 'node:timers/promises';
import { persistently } from '../tables/persistently.ts';
import { bucketKey, type PersonBucket, type PersonRows } from './person-buckets.ts';

/** The statements for one partition at the most: on Keyspaces each deletes 1,000 rows, some time after it is acknowledged. */
const mostStatements = 10_000;

/** The milliseconds for a partition to become empty, once as many statements have been sent as its rows need. */
const emptyWithin = 30_000;

const looksEvery = 500;
const rowsOfStatement = 1_000;

/**
 * Deletes a partition of the person, again until it is empty.
 * @returns false where rows are still there, or there again.
 */
export const deleteBucket = async (
  person: PersonRows,
  bucket: PersonBucket,
  signal: AbortSignal,
): Promise<boolean> => {
  const { client, settings } = person;
  const { where, parameters } = bucketKey(person, bucket);
  const table = `${settings.keyspace}.user_events`;
  const run = (query: string) =>
    persistently('deleting rows of user_events', () =>
      client.execute(query, [...parameters], { prepare: true }),
    );
  const needed = Math.ceil(bucket.rows / rowsOfStatement);
  const end = performance.now() + emptyWithin;
  for (let sent = 1; sent <= mostStatements; sent += 1) {
    signal.throwIfAborted();
    await run(`DELETE FROM ${table} WHERE ${where}`);
    const left = await run(`SELECT event_time FROM ${table} WHERE ${where} LIMIT 1`);
    if (left.rowLength === 0) return true;
    if (sent < needed) continue;
    if (performance.now() > end) return false;
    await delay(looksEvery, undefined, { signal });
  }
  return false;
};
