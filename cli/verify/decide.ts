import type { Reason } from '../../functions/ingest/event/rejection.ts';
import { isoTime } from '../terminal/print.ts';
import type { Finding, JudgedBy, Open } from './findings-file.ts';
import { type Lateness, latenessOf, type Maximum } from './maximum.ts';
import type { Reading } from './rules/record-reader.ts';

/** What stands in `rejected_events` at a record's place. Times are in milliseconds; null where the row has none. */
export interface RejectedFound {
  readonly reason: string;
  readonly eventTime: number | null;
  readonly watermark: number | null;
  /** The columns that have other bytes than the record. */
  readonly differing: readonly string[];
}

/** What the tables have of a record. */
export interface Found {
  /** The row of the record's key in `user_events`; `other` where it has other values. */
  readonly row: 'same' | 'other' | 'none';
  /** The columns in which the row differs. */
  readonly differing: readonly string[];
  readonly rejected: RejectedFound | null;
}

/** What is known of a record besides its bytes. */
export interface Circumstances {
  /** The maximum on reaching it. */
  readonly maximum: Maximum;
  readonly settings: JudgedBy;
  /** False where the record may have been handled under other settings. */
  readonly settingsHold: boolean;
  /** Whether a row of the record may be past the time to live of its table. */
  readonly mayBeExpired: { readonly userEvents: boolean; readonly rejected: boolean };
  /** Whether the on-failure destination has the record. */
  readonly isKept: boolean;
  /** Whether all records of the topic that ever were are read. */
  readonly sawAll: boolean;
}

/** What has become of a record. */
export type Verdict =
  /** `onTrust` is true where the topic does not show that the tables are right. */
  | { readonly as: 'matched'; readonly onTrust: boolean }
  | { readonly as: 'rejected'; readonly reason: string; readonly onTrust: boolean }
  | { readonly as: 'expired' }
  | { readonly as: Finding['kind']; readonly why: Why; readonly detail?: string }
  /** It depends on whether another record explains the row that stands there. */
  | { readonly as: 'open'; readonly otherwise: Open['otherwise']; readonly unless: FindingVerdict };

type FindingVerdict = Extract<Verdict, { readonly why: Why }>;

/** The reasons of findings: sentences that are the same for all records of one cause. */
export const whys = {
  noRow: 'no table has it; user_events must',
  noRejected: 'no table has it; rejected_events must',
  neither: 'no table has it; one of them must',
  otherValues: 'its row has values of no record that was read',
  otherBytes: 'rejected_events has other bytes than the record',
  otherReason: 'rejected_events has another reason than the record’s value gives',
  validRejected: 'it is rejected as broken, and its value is a valid event',
  wronglyLate: 'it is rejected as late, and was on time by the records before it',
  wrongWatermark: 'it is rejected by a watermark that the topic had not reached',
  notLateByItsRow: 'it is rejected as late, and by its own row it is not',
  both: 'both tables have it',
  kept: 'no table has it; the on-failure destination does',
  dropped: 'it is late, and late events are only counted (LATE_EVENTS=drop)',
  maybeDropped: 'no table has it; it may have been late, which is only counted (LATE_EVENTS=drop)',
  lowerMaximum:
    'its row is there, and by the topic it is late: its batch may have begun without a maximum (a rewind, two members at once)',
  maybeExpired: 'it may have been rejected as late, and that row be past its time to live',
  bothUnseen: 'both tables have it; a record that was not read may have written the row',
  otherSettings: 'it may have been handled under other settings (--settings-since)',
  notUnderstood: 'verify does not understand its schema',
  schemaGone: 'the registry does not have its schema today',
  schemaUnread: 'its schema could not be read',
  unread: 'the tables could not be read',
  tooManyOpen: 'too many rows have other values to look for all that explain them',
  gone: 'the topic does not have the record any more',
} as const;
type Why = (typeof whys)[keyof typeof whys];

/** The reasons that come of a look that was not complete: they make it end with exit code 2. */
export const incompleteWhys: ReadonlySet<string> = new Set<Why>([
  whys.schemaUnread,
  whys.unread,
  whys.tooManyOpen,
  whys.gone,
]);

/**
 * Decides what has become of a record below the checkpoint, by what its bytes demand and what the tables have.
 * docs/decisions/0025-what-a-topic-tells-of-lateness.md has the reasons.
 */
export const decide = (reading: Reading, found: Found, around: Circumstances): Verdict => {
  const { rejected } = found;
  if (rejected !== null && rejected.differing.length > 0)
    return finding('different', whys.otherBytes, `in ${rejected.differing.join(', ')}`);
  switch (reading.kind) {
    case 'unjudged':
      if (rejected !== null) return taken(rejected.reason, true);
      return around.isKept ? kept : finding('cannot tell', whys[reading.why], reading.detail);
    case 'broken':
      return ofBroken(reading.reason, rejected, around);
    case 'event':
      return rejected === null
        ? ofEvent(reading.event.event_time, found, around)
        : ofRejectedEvent(reading.event.event_time, found, rejected, around);
  }
};

const finding = (as: Finding['kind'], why: Why, detail?: string): FindingVerdict => ({
  as,
  why,
  ...(detail !== undefined && { detail }),
});
const kept = finding('kept', whys.kept);
const taken = (reason: string, onTrust: boolean): Verdict => ({ as: 'rejected', reason, onTrust });
const expired = { as: 'expired' } as const;

const ofBroken = (
  reason: Reason,
  rejected: RejectedFound | null,
  around: Circumstances,
): Verdict => {
  if (rejected !== null) {
    if (rejected.reason === reason) return taken(reason, false);
    return around.settingsHold
      ? finding('different', whys.otherReason, `${rejected.reason}, must be ${reason}`)
      : taken(rejected.reason, true);
  }
  if (around.isKept) return kept;
  if (around.mayBeExpired.rejected) return expired;
  return around.settingsHold
    ? finding('missing', whys.noRejected, `as ${reason}`)
    : finding('cannot tell', whys.otherSettings);
};

/** Decides about an event without a row in `rejected_events`. */
const ofEvent = (eventTime: number, { row, differing }: Found, around: Circumstances): Verdict => {
  const lateness = latenessIn(eventTime, around);
  if (row === 'none') return absent(lateness, around);
  if (row === 'same')
    return lateness === 'late'
      ? finding('cannot tell', whys.lowerMaximum)
      : { as: 'matched', onTrust: lateness === 'unknown' };
  const unless = absent(lateness, {
    ...around,
    mayBeExpired: { ...around.mayBeExpired, userEvents: false },
  });
  if (unless.as === 'missing')
    return lateness === 'late'
      ? { as: 'open', otherwise: 'lower maximum', unless }
      : {
          as: 'open',
          otherwise: 'superseded',
          unless: finding('different', whys.otherValues, `in ${differing.join(', ')}`),
        };
  if (lateness === 'late') return unless;
  return {
    as: 'open',
    otherwise: 'superseded',
    unless: unless.as === 'expired' ? finding('cannot tell', whys.maybeExpired) : unless,
  };
};

/** Decides about an event of which no table has anything. */
const absent = (
  lateness: Lateness,
  { settings, mayBeExpired, isKept }: Circumstances,
): FindingVerdict | typeof expired => {
  if (isKept) return kept;
  if (settings.lateEvents === 'drop' && lateness !== 'on time')
    return finding('cannot tell', lateness === 'late' ? whys.dropped : whys.maybeDropped);
  const mayBe =
    (lateness !== 'on time' && mayBeExpired.rejected) ||
    (lateness !== 'late' && mayBeExpired.userEvents);
  if (mayBe) return expired;
  return finding(
    'missing',
    lateness === 'on time' ? whys.noRow : lateness === 'late' ? whys.noRejected : whys.neither,
    lateness === 'late' ? 'as late' : undefined,
  );
};

/** Decides about an event that `rejected_events` has. */
const ofRejectedEvent = (
  eventTime: number,
  { row }: Found,
  rejected: RejectedFound,
  around: Circumstances,
): Verdict => {
  const { reason, watermark } = rejected;
  if (reason === 'refused')
    return row === 'same' ? finding('different', whys.both, 'as refused') : taken(reason, false);
  if (reason !== 'late')
    return around.settingsHold
      ? finding('different', whys.validRejected, `as ${reason}`)
      : taken(reason, true);
  const { maximum, settings, settingsHold } = around;
  if (watermark === null || rejected.eventTime !== eventTime || watermark <= eventTime)
    return finding('different', whys.notLateByItsRow);
  const lateness = latenessIn(eventTime, around);
  const highest = maximum.high - settings.outOfOrdernessMs;
  if (settingsHold && settings.latenessRule === 'running' && watermark > highest)
    return finding(
      'different',
      lateness === 'on time' ? whys.wronglyLate : whys.wrongWatermark,
      `the watermark ${isoTime(watermark)} was ${Number.isFinite(highest) ? `${isoTime(highest)} at most` : 'none'}`,
    );
  if (row !== 'same') return taken(reason, lateness === 'unknown');
  return {
    as: 'open',
    otherwise: 'late',
    unless: around.sawAll
      ? finding('different', whys.both, 'as late')
      : finding('cannot tell', whys.bothUnseen),
  };
};

const latenessIn = (
  eventTime: number,
  { maximum, settings, settingsHold }: Circumstances,
): Lateness => (settingsHold ? latenessOf(maximum, eventTime, settings) : 'unknown');
