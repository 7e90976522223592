import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Circumstances,
  decide,
  type Found,
  type RejectedFound,
  whys,
} from '../../../../cli/verify/decide.ts';
import { unknownMaximum } from '../../../../cli/verify/maximum.ts';
import type { Reading } from '../../../../cli/verify/rules/record-reader.ts';
import { eventValues } from '../../../support/avro.ts';
import { findingsHeader } from '../../../support/findings.ts';

const t0 = 1_700_000_000_000;
const bound = 120_000;
const { settings } = findingsHeader();

const event: Reading = { kind: 'event', event: { ...eventValues(), event_time: t0 } };
const broken: Reading = { kind: 'broken', reason: 'tombstone' };
const unjudged: Reading = { kind: 'unjudged', why: 'notUnderstood' };

const exactly = (max: number) => ({ low: max, high: max });
const onTime = exactly(t0 + bound);
const late = exactly(t0 + bound + 1);
const unknown = unknownMaximum;

const row = (reason: string, given: Partial<RejectedFound> = {}): RejectedFound => ({
  reason,
  eventTime: reason === 'late' ? t0 : null,
  watermark: reason === 'late' ? t0 + 1 : null,
  differing: [],
  ...given,
});

const verdict = (
  reading: Reading,
  found: Partial<Found>,
  around: Partial<Circumstances> & { readonly drop?: boolean } = {},
): string => {
  const { drop = false, ...given } = around;
  const decided = decide(
    reading,
    { row: 'none', differing: ['metadata'], rejected: null, ...found },
    {
      maximum: onTime,
      settings: { ...settings, lateEvents: drop ? 'drop' : 'keep' },
      settingsHold: true,
      mayBeExpired: { userEvents: false, rejected: false },
      isKept: false,
      sawAll: true,
      ...given,
    },
  );
  const text = (one: typeof decided): string =>
    one.as === 'open'
      ? `${one.otherwise}, unless: ${text(one.unless)}`
      : 'why' in one
        ? [one.as, one.why, ...(one.detail === undefined ? [] : [one.detail])].join('; ')
        : one.as === 'matched' || one.as === 'rejected'
          ? `${one.as}${one.as === 'rejected' ? ` ${one.reason}` : ''}${one.onTrust ? ' on trust' : ''}`
          : one.as;
  return text(decided);
};

const expired = { userEvents: true, rejected: true };
const rejectedExpired = { userEvents: false, rejected: true };

const cases: readonly (readonly [
  title: string,
  reading: Reading,
  found: Partial<Found>,
  around: Parameters<typeof verdict>[2],
  verdict: string,
])[] = [
  ['an event on time, with its row', event, { row: 'same' }, {}, 'matched'],
  ['an event on time, without a row', event, {}, {}, `missing; ${whys.noRow}`],
  [
    'an event on time, whose row has other values',
    event,
    { row: 'other' },
    {},
    `superseded, unless: different; ${whys.otherValues}; in metadata`,
  ],
  [
    'an event on time that is rejected as late',
    event,
    { rejected: row('late', { watermark: t0 + 1_000 }) },
    {},
    `different; ${whys.wronglyLate}; the watermark 2023-11-14T22:13:21.000Z was 2023-11-14T22:13:20.000Z at most`,
  ],
  [
    'the first event of all, rejected as late',
    event,
    { rejected: row('late') },
    { maximum: exactly(Number.NEGATIVE_INFINITY) },
    `different; ${whys.wronglyLate}; the watermark 2023-11-14T22:13:20.001Z was none`,
  ],
  [
    'an event on time that the database refused',
    event,
    { rejected: row('refused') },
    {},
    'rejected refused',
  ],
  [
    'a refused event that has its row all the same',
    event,
    { row: 'same', rejected: row('refused') },
    {},
    `different; ${whys.both}; as refused`,
  ],
  [
    'a valid event that is rejected as broken',
    event,
    { rejected: row('invalid_uuid') },
    {},
    `different; ${whys.validRejected}; as invalid_uuid`,
  ],
  [
    'a late event that is rejected',
    event,
    { rejected: row('late') },
    { maximum: late },
    'rejected late',
  ],
  [
    'a late event that is rejected by an earlier watermark, as after a rewind',
    event,
    { rejected: row('late') },
    { maximum: exactly(late.low + 60_000) },
    'rejected late',
  ],
  [
    'a late event that is rejected by a watermark that the topic has not',
    event,
    { rejected: row('late', { watermark: t0 + 2_000 }) },
    { maximum: late },
    `different; ${whys.wrongWatermark}; the watermark 2023-11-14T22:13:22.000Z was 2023-11-14T22:13:20.001Z at most`,
  ],
  [
    'a late event whose rejected row has another time',
    event,
    { rejected: row('late', { eventTime: t0 - 1 }) },
    { maximum: late },
    `different; ${whys.notLateByItsRow}`,
  ],
  [
    'a late event whose rejected row has no watermark',
    event,
    { rejected: row('late', { watermark: null }) },
    { maximum: late },
    `different; ${whys.notLateByItsRow}`,
  ],
  [
    'a late event that no table has',
    event,
    {},
    { maximum: late },
    `missing; ${whys.noRejected}; as late`,
  ],
  [
    'a late event in both tables',
    event,
    { row: 'same', rejected: row('late') },
    { maximum: late },
    `late, unless: different; ${whys.both}; as late`,
  ],
  [
    'a late event in both tables, where earlier records were not read',
    event,
    { row: 'same', rejected: row('late') },
    { maximum: late, sawAll: false },
    `late, unless: cannot tell; ${whys.bothUnseen}`,
  ],
  [
    'a late event that has its row',
    event,
    { row: 'same' },
    { maximum: late },
    `cannot tell; ${whys.lowerMaximum}`,
  ],
  [
    'a late event whose key has another’s row',
    event,
    { row: 'other' },
    { maximum: late },
    `lower maximum, unless: missing; ${whys.noRejected}; as late`,
  ],
  [
    'a late event under LATE_EVENTS=drop',
    event,
    {},
    { maximum: late, drop: true },
    `cannot tell; ${whys.dropped}`,
  ],
  [
    'an event on time without a row, under LATE_EVENTS=drop',
    event,
    {},
    { drop: true },
    `missing; ${whys.noRow}`,
  ],
  [
    'an event that may be late, with its row',
    event,
    { row: 'same' },
    { maximum: unknown },
    'matched on trust',
  ],
  [
    'an event that may be late, and is rejected',
    event,
    { rejected: row('late') },
    { maximum: unknown },
    'rejected late on trust',
  ],
  [
    'an event that may be late, and that no table has',
    event,
    {},
    { maximum: unknown },
    `missing; ${whys.neither}`,
  ],
  [
    'an event that may be late, and that no table has, under LATE_EVENTS=drop',
    event,
    {},
    { maximum: unknown, drop: true },
    `cannot tell; ${whys.maybeDropped}`,
  ],
  [
    'an event under LATENESS_RULE=batch, with its row',
    event,
    { row: 'same' },
    { settings: { ...settings, latenessRule: 'batch' } },
    'matched on trust',
  ],
  [
    'an event under LATENESS_RULE=batch that is rejected by a later record of its batch',
    event,
    { rejected: row('late', { watermark: t0 + 5_000 }) },
    { settings: { ...settings, latenessRule: 'batch' } },
    'rejected late on trust',
  ],
  [
    'an event on time without a row, past its time to live',
    event,
    {},
    { mayBeExpired: expired },
    'expired',
  ],
  [
    'an event on time without a row, past the time to live of rejected rows alone',
    event,
    {},
    { mayBeExpired: rejectedExpired },
    `missing; ${whys.noRow}`,
  ],
  [
    'an event that may be late, past the time to live of rejected rows',
    event,
    {},
    { maximum: unknown, mayBeExpired: rejectedExpired },
    'expired',
  ],
  [
    'an event that may be late, whose key has another’s row, past the time to live of rejected rows',
    event,
    { row: 'other' },
    { maximum: unknown, mayBeExpired: rejectedExpired },
    `superseded, unless: cannot tell; ${whys.maybeExpired}`,
  ],
  [
    'a late event past the time to live of its row',
    event,
    {},
    { maximum: late, mayBeExpired: expired },
    'expired',
  ],
  [
    'an event that the on-failure destination has',
    event,
    {},
    { isKept: true },
    `kept; ${whys.kept}`,
  ],
  [
    'an event that the on-failure destination has, and its row',
    event,
    { row: 'same' },
    { isKept: true },
    'matched',
  ],
  [
    'an event that the on-failure destination has, and another’s row',
    event,
    { row: 'other' },
    { isKept: true },
    `superseded, unless: kept; ${whys.kept}`,
  ],
  [
    'an event on time that is rejected as late, before the settings were what they are',
    event,
    { rejected: row('late', { watermark: t0 + 1_000 }) },
    { settingsHold: false },
    'rejected late on trust',
  ],
  [
    'a valid event that is rejected as broken, before the settings were what they are',
    event,
    { rejected: row('invalid_event_time') },
    { settingsHold: false },
    'rejected invalid_event_time on trust',
  ],
  [
    'a broken record that is rejected',
    broken,
    { rejected: row('tombstone') },
    {},
    'rejected tombstone',
  ],
  [
    'a broken record with another reason',
    broken,
    { rejected: row('undecodable') },
    {},
    `different; ${whys.otherReason}; undecodable, must be tombstone`,
  ],
  [
    'a broken record with another reason, before the settings were what they are',
    broken,
    { rejected: row('undecodable') },
    { settingsHold: false },
    'rejected undecodable on trust',
  ],
  [
    'a broken record that no table has',
    broken,
    {},
    {},
    `missing; ${whys.noRejected}; as tombstone`,
  ],
  [
    'a broken record that no table has, before the settings were what they are',
    broken,
    {},
    { settingsHold: false },
    `cannot tell; ${whys.otherSettings}`,
  ],
  ['a broken record past its time to live', broken, {}, { mayBeExpired: expired }, 'expired'],
  [
    'a broken record that the on-failure destination has',
    broken,
    {},
    { isKept: true },
    `kept; ${whys.kept}`,
  ],
  [
    'a rejected record with other bytes',
    broken,
    { rejected: row('tombstone', { differing: ['key', 'headers'] }) },
    {},
    `different; ${whys.otherBytes}; in key, headers`,
  ],
  [
    'a record that is not understood, and is rejected',
    unjudged,
    { rejected: row('incompatible_schema') },
    {},
    'rejected incompatible_schema on trust',
  ],
  [
    'a record that is not understood, and that no table has',
    unjudged,
    {},
    {},
    `cannot tell; ${whys.notUnderstood}`,
  ],
  [
    'a record whose schema could not be read',
    { kind: 'unjudged', why: 'schemaUnread', detail: 'the registry is down' },
    {},
    {},
    `cannot tell; ${whys.schemaUnread}; the registry is down`,
  ],
];

for (const [title, reading, found, around, expected] of cases)
  test(`${title} is: ${expected}`, () => {
    deepStrictEqual(verdict(reading, found, around), expected);
  });
