import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { errors, types } from 'cassandra-driver';
import { classify } from '../../../../../functions/ingest/cassandra/refusals/classify.ts';
import { rejectedTtl } from '../../../../../functions/ingest/cassandra/rows/rejected-ttl.ts';
import { UnavailableError } from '../../../../../functions/ingest/pipeline/errors.ts';

const day = 86_400;
const latestExpiry = 2 ** 31 - 2;
const refused = classify(
  new errors.ResponseError(
    types.responseErrorCodes.invalid,
    'Request on table ks.rejected_events with ttl of 630720000 seconds exceeds maximum supported expiration date of 2038-01-19T03:14:06+00:00.',
  ),
  'writing',
);

/** The TTL of an environment whose server refuses expiries after 2038-01-19, as a row is written on a date. */
const writtenOn = (date: string, days: number) => {
  const now = Date.parse(date);
  const lines: object[] = [];
  const ttl = rejectedTtl(days * day, (line) => lines.push(line));
  const tried = ttl.seconds(now);
  const takes = (seconds: number): boolean => now / 1000 + seconds <= latestExpiry;
  const again = !takes(tried) && ttl.learn(refused, tried, now);
  return { seconds: ttl.seconds(now), again, lines, takes };
};

for (const [date, days] of [
  ['2037-12-20', 30],
  ['2037-12-21', 30],
  ['2038-01-18', 30],
  ['2028-01-22', 3_650],
  ['2026-11-30', 7_300],
] as const)
  test(`on ${date} a row of ${days} days is written with the longest TTL that the server takes`, () => {
    const { seconds, lines, takes } = writtenOn(date, days);
    strictEqual(takes(seconds), true);
    strictEqual(seconds < days * day, lines.length === 1);
    if (lines.length === 1)
      match(
        JSON.stringify(lines),
        /"WARN".*kept for \d+ days instead of \d+ days.*2038-01-19T03:14:06/,
      );
  });

test('a pipeline that ran the day before needs no shorter TTL', () => {
  strictEqual(writtenOn('2037-12-19', 30).seconds, 30 * day);
});

test('in the last hour before the last expiry, and after it, the row waits and is neither lost nor kept for ever', () => {
  for (const date of ['2038-01-19T02:30:00Z', '2038-01-20', '2040-01-01']) {
    const { seconds, again } = writtenOn(date, 30);
    deepStrictEqual([seconds, again], [30 * day, false]);
  }
});

test('the shortened TTL ends at the same time whenever a row is written, and the warning is said once', () => {
  const lines: object[] = [];
  const ttl = rejectedTtl(7_300 * day, (line) => lines.push(line));
  const now = Date.parse('2026-11-30');
  // Three requests that were in flight with the TTL as it was set.
  for (let n = 0; n < 3; n += 1) strictEqual(ttl.learn(refused, 7_300 * day, now), true);
  strictEqual(lines.length, 1);
  const later = now + 5 * day * 1000;
  strictEqual(ttl.seconds(now) - ttl.seconds(later), 5 * day);
  // Refused with the shorter one too: trying again would go on for ever.
  strictEqual(ttl.learn(refused, ttl.seconds(later), later), false);
});

test('another error, and a TTL of 0, shorten nothing', () => {
  const none = rejectedTtl(0, () => {});
  strictEqual(none.seconds(0), 0);
  strictEqual(none.learn(refused, 0, 0), false);
  strictEqual(rejectedTtl(day, () => {}).learn(new UnavailableError('down'), day, 0), false);
});
