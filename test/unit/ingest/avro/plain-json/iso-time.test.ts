import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isoTime } from '../../../../../functions/ingest/avro/plain-json/iso-time.ts';
import { earliestTime, latestTime } from '../../../../../functions/ingest/event/readable-time.ts';

/** Reads a text between bytes that belong to others. */
const read = (text: string): number => {
  const bytes = Buffer.from(`9${text}9`);
  return isoTime(bytes, 1, bytes.length - 1);
};

test('every time that toISOString writes is read as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: earliestTime, max: latestTime }), (time) => {
      strictEqual(read(new Date(time).toISOString()), time);
    }),
    { numRuns: 2000 },
  );
});

test('an offset from UTC is taken off, to the minute', () => {
  const offset = fc.tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59));
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true, min: new Date(0) }),
      offset,
      (date, [sign, h, m]) => {
        fc.pre(date.getTime() < latestTime);
        const zone = `${sign}${`${h}`.padStart(2, '0')}:${`${m}`.padStart(2, '0')}`;
        const text = date.toISOString().replace('Z', zone);
        strictEqual(read(text), Date.parse(text));
      },
    ),
  );
});

for (const [text, time] of [
  ['2026-03-10T12:00:00Z', Date.UTC(2026, 2, 10, 12)],
  ['2026-03-10T12:00:00.1Z', Date.UTC(2026, 2, 10, 12, 0, 0, 100)],
  ['2026-03-10T12:00:00.001999999Z', Date.UTC(2026, 2, 10, 12, 0, 0, 1)],
  ['1969-12-31T23:59:59.9999Z', -1],
  ['2026-03-10T12:00:00.000+02:00', Date.UTC(2026, 2, 10, 10)],
  ['2026-03-10T12:00:00-00:00', Date.UTC(2026, 2, 10, 12)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
  ['0000-01-01T00:00:00Z', Date.parse('0000-01-01T00:00:00Z')],
] as const)
  test(`${text} is read, rounded down to the millisecond`, () => {
    strictEqual(read(text), time);
  });

for (const [what, text] of [
  ['a time without its zone', '2026-03-10T12:00:00.000'],
  ['a date', '2026-03-10'],
  ['a space for the T', '2026-03-10 12:00:00Z'],
  ['a small z', '2026-03-10T12:00:00z'],
  ['a zone without its colon', '2026-03-10T12:00:00+0000'],
  ['a zone of hours', '2026-03-10T12:00:00+01'],
  ['a zone of 24 hours', '2026-03-10T12:00:00+24:00'],
  ['a time without seconds', '2026-03-10T12:00Z'],
  ['a dot without digits', '2026-03-10T12:00:00.Z'],
  ['ten digits of a second', '2026-03-10T12:00:00.0123456789Z'],
  ['a comma for the dot', '2026-03-10T12:00:00,1Z'],
  ['hour 24', '2026-03-10T24:00:00Z'],
  ['minute 60', '2026-03-10T12:60:00Z'],
  ['a leap second', '2016-12-31T23:59:60Z'],
  ['month 13', '2026-13-10T12:00:00Z'],
  ['day 0', '2026-03-00T12:00:00Z'],
  ['30 February', '2024-02-30T12:00:00Z'],
  ['29 February of a common year', '2023-02-29T12:00:00Z'],
  ['29 February of 1900', '1900-02-29T12:00:00Z'],
  ['31 April', '2026-04-31T12:00:00Z'],
  ['a year of five digits', '10000-01-01T00:00:00Z'],
  ['a year with a sign', '+002026-03-10T12:00:00Z'],
  ['letters for digits', '2026-0a-10T12:00:00Z'],
  ['something behind the zone', '2026-03-10T12:00:00Z '],
  ['no text', ''],
] as const)
  test(`${what} is no time`, () => {
    strictEqual(read(text), Number.NaN);
  });
