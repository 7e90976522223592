import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  latestExpiryOfOldServers,
  readRefusal,
} from '../../../../../functions/ingest/cassandra/refusals/read-refusal.ts';

const now = Date.UTC(2026, 0, 1);

for (const [message, detail] of [
  ['Rejected an oversized mutation (3/2) for keyspace: ks', 'as too large'],
  ['Mutation of 17MiB is too large for the maximum size', 'as too large'],
  ['The update would cause the row to exceed the maximum allowed size', 'as too large'],
  ['Key length of 70000 is longer than maximum', 'for its partition key is too long'],
  ['Key may not be empty', 'for its partition key is empty'],
  ['Batch too large', 'in so large a batch'],
  ['Guardrail items_per_map violated: ', 'by its guardrail items_per_map'],
] as const)
  test(`“${message}” refuses the row ${detail}`, () => {
    deepStrictEqual(readRefusal(message, now), { of: 'row', detail });
  });

for (const [message, words, help] of [
  ['unconfigured table user_events', 'unconfigured table user_events', /^make it again/],
  ['Undefined column name added', 'Undefined column name added', /^compare the table/],
  [
    'Consistency level LOCAL_ONE is not supported',
    'Consistency level LOCAL_ONE is not supported',
    /^no row can be written/,
  ],
  [
    'Cannot execute this on a view with contents of a row',
    'the statement is not supported',
    /^no row can be written/,
  ],
  [
    'Guardrail keyspaces violated: 40',
    'the server’s guardrail keyspaces is violated',
    /cassandra\.yaml/,
  ],
  ['ttl is too large. requested (9)', 'ttl is too large. requested (9)', /REJECTED_TTL_DAYS/],
] as const)
  test(`“${message}” refuses every row until somebody has mended something`, () => {
    const refusal = readRefusal(message, now);
    ok(refusal.of === 'state', refusal.of);
    strictEqual(refusal.words, words);
    match(refusal.help, help);
  });

test('a message that is not known, or only holds a known one, says nothing by itself', () => {
  for (const message of ['the server is out of temper', 'row x: Key may not be empty', ''])
    deepStrictEqual(readRefusal(message, now), { of: 'unknown' });
});

const tooLate = (by: string, date = '') =>
  readRefusal(
    `Request on table ks.user_events with ${by}ttl of 630720000 seconds exceeds maximum supported expiration date${date}`,
    now,
  );

test('an expiry that is too late is told with the last one that the server stores, of old servers’ where it names none', () => {
  for (const [date, latest] of [
    ['', latestExpiryOfOldServers],
    [' of 2106-02-07T06:28:13+00:00', 2 ** 32 - 3],
  ] as const) {
    const refusal = tooLate('', date);
    strictEqual(refusal.of === 'state' && refusal.latestExpiry, latest);
  }
});

test('an expiry that is too late is told with the setting that has it and today’s most days', () => {
  const [own, byDefault] = [tooLate(''), tooLate('default ')];
  ok(own.of === 'state' && byDefault.of === 'state');
  strictEqual(own.help, 'lower REJECTED_TTL_DAYS below 4401');
  match(
    byDefault.help,
    /^lower sink\.tables\.userEventsTtlDays well below 4401 .* ALTER TABLE ks\.user_events WITH default_time_to_live/,
  );
});
