import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { mistakesOf, settingsOf } from '../../../support/settings.ts';

test('the valid event times are narrowed by whole days, or by times in UTC', () => {
  const range = (EVENT_TIME_EARLIEST: string, EVENT_TIME_LATEST: string) => {
    const config = settingsOf({ EVENT_TIME_EARLIEST, EVENT_TIME_LATEST });
    return [config.earliestEventTime, config.latestEventTime].map((time) =>
      new Date(time).toISOString(),
    );
  };
  deepStrictEqual(range('2020-01-01', '2029-12-31'), [
    '2020-01-01T00:00:00.000Z',
    '2029-12-31T23:59:59.999Z',
  ]);
  deepStrictEqual(range('2020-01-01T12:00Z', '2020-01-01T12:00:00.5Z'), [
    '2020-01-01T12:00:00.000Z',
    '2020-01-01T12:00:00.500Z',
  ]);
  deepStrictEqual(range('2020-01-01', '2020-01-01').length, 2);
});

test('a bound of event times that is no date or time, and an empty range, are refused', () => {
  for (const given of [
    '2020',
    '2020-1-1',
    '01.01.2020',
    '2026-02-30',
    '2026-13-01',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+01:00',
    '0000-12-31',
    '10000-01-01',
    '1577836800000',
  ])
    for (const name of ['EVENT_TIME_EARLIEST', 'EVENT_TIME_LATEST'])
      ok(mistakesOf({ [name]: given })[0]?.startsWith(`${name} must be a date`), given);
  for (const given of [
    { EVENT_TIME_EARLIEST: '2020-01-02', EVENT_TIME_LATEST: '2020-01-01' },
    { EVENT_TIME_EARLIEST: '2020-01-01T00:00Z', EVENT_TIME_LATEST: '2020-01-01T00:00Z' },
  ])
    deepStrictEqual(mistakesOf(given), ['EVENT_TIME_EARLIEST must be before EVENT_TIME_LATEST']);
});
