import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from 'cassandra-driver';
import { expiresLate, tooLate, trial } from '../../../functions/migrate/expiry.ts';
import type { TableDefinition } from '../../../schema/table-definition.ts';

const now = Date.UTC(2026, 0, 1);
const day = 86_400;
const table = (days: number, name = 'user_events'): TableDefinition => ({
  name,
  columns: [],
  partitionKey: [],
  clusteringKey: [],
  defaultTtlSeconds: days * day,
});

test('rows expire late when a row of now would be kept beyond 2038-01-19T03:14:06Z', () => {
  const last = Math.floor((2 ** 31 - 2 - now / 1000) / day);
  deepStrictEqual(
    [0, 1, last, last + 1].map((days) => expiresLate(table(days), now)),
    [false, false, false, true],
  );
});

test('the trial inserts a row with the TTL and deletes it in the same batch', () => {
  const statement = trial('ks', 7);
  match(statement, /^BEGIN UNLOGGED BATCH INSERT INTO ks\.partition_watermarks .* USING TTL 7; /);
  match(statement, /; DELETE FROM ks\.partition_watermarks WHERE .*; APPLY BATCH$/);
});

const refusedWith = (message: string): Error =>
  new Error('trying', { cause: new errors.ResponseError(0x2200, message) });
const expiry =
  'Request on table ks.partition_watermarks with ttl of 630720000 seconds exceeds maximum supported expiration date of 2038-01-19T03:14:06+00:00';

test('a refused expiry is told with the setting to lower and today’s most days', () => {
  strictEqual(
    tooLate(table(7_300), refusedWith(expiry), now),
    'user_events is to keep rows for 7300 days, until 2045-12-27, and the server stores no expiry after ' +
      '2038-01-19T03:14:06.000Z: lower sink.tables.userEventsTtlDays well below 4401 (today’s most, and one less each day), or set ' +
      'storage_compatibility_mode: NONE on Cassandra 5.0',
  );
  match(
    tooLate(table(7_300, 'rejected_events'), refusedWith(expiry), now) ?? '',
    /lower environment\.REJECTED_TTL_DAYS well below/,
  );
});

test('a trial that failed for another reason says nothing of the expiry', () => {
  for (const error of [refusedWith('unconfigured table x'), new Error('no cause'), 'thrown', null])
    strictEqual(tooLate(table(7_300), error, now), null);
});
