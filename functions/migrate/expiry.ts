import { errors } from 'cassandra-driver';
import type { TableDefinition } from '../../schema/table-definition.ts';
import {
  latestExpiryOfOldServers,
  readRefusal,
} from '../ingest/cassandra/refusals/read-refusal.ts';

/** The settings of the tables' default TTLs, by table. */
const settings: Readonly<Record<string, string>> = {
  user_events: 'sink.tables.userEventsTtlDays',
  rejected_events: 'environment.REJECTED_TTL_DAYS',
};
const secondsOfADay = 86_400;

/** Tells whether rows written now expire later than every Cassandra can store. */
export const expiresLate = ({ defaultTtlSeconds }: TableDefinition, now: number): boolean =>
  defaultTtlSeconds > 0 && now / 1000 + defaultTtlSeconds > latestExpiryOfOldServers;

/**
 * Makes a statement that the server refuses if it cannot store so late an expiry. It leaves no row: the deletion has the time of
 * the row, and wins. No consumer group has the empty name.
 */
export const trialStatement = (keyspace: string, seconds: number): string => {
  const row = "consumer_group = '' AND topic = '' AND partition = -1";
  return (
    `BEGIN UNLOGGED BATCH INSERT INTO ${keyspace}.partition_watermarks (consumer_group, topic, partition, next_offset) ` +
    `VALUES ('', '', -1, 0) USING TTL ${seconds}; DELETE FROM ${keyspace}.partition_watermarks WHERE ${row}; APPLY BATCH`
  );
};

/**
 * Explains a refused trial statement for the table's setting; returns null where the server refused something other than the
 * expiry.
 * @param error an error with the server's answer as its cause.
 * @param now milliseconds since the epoch.
 */
export const explainRefusedTrial = (
  { name, defaultTtlSeconds }: TableDefinition,
  error: unknown,
  now: number,
): string | null => {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof errors.ResponseError)) return null;
  const refusal = readRefusal(cause.message, now);
  if (refusal.of !== 'state' || refusal.latestExpiry === undefined) return null;
  const most = Math.floor((refusal.latestExpiry - now / 1000) / secondsOfADay);
  const day = (seconds: number): string => new Date(seconds * 1000).toISOString();
  return (
    `${name} is to keep rows for ${defaultTtlSeconds / secondsOfADay} days, until ${day(now / 1000 + defaultTtlSeconds).slice(0, 10)}, and ` +
    `the server stores no expiry after ${day(refusal.latestExpiry)}: lower ${settings[name] ?? 'its TTL'} well below ${most} (today’s ` +
    'most, and one less each day), or set storage_compatibility_mode: NONE on Cassandra 5.0'
  );
};
