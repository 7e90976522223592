import { IngestError, TransientError } from '../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { RejectedRow } from '../rejected/row.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { decide, type Found, type Verdict, whys } from './decide.ts';
import type { JudgedBy } from './findings-file.ts';
import type { KeptRecords } from './kept-records.ts';
import { clockSkewMs, type Maximum } from './maximum.ts';
import { rejectedFound } from './rejected-found.ts';
import type { ReadEvent } from './rules/expected.ts';
import type { Values } from './rules/read-avro.ts';
import type { Reading } from './rules/record-reader.ts';
import { digest, type RowShape } from './rules/row.ts';
import type { Tables } from './tables.ts';

/** A record that is judged. */
export interface Item {
  readonly record: KafkaRecord;
  readonly reading: Reading;
  /** What is known of the maximum on reaching it. */
  readonly maximum: Maximum;
}

/** A judged record. The digests are there where its row has values. */
export interface Judged {
  readonly item: Item;
  readonly verdict: Verdict;
  readonly digests: { readonly key: string; readonly found: string; readonly due: string } | null;
}

/** Looks up records and judges them. */
export type Judge = (items: readonly Item[]) => Promise<Judged[]>;

interface JudgeOptions {
  readonly tables: Tables;
  readonly shape: RowShape;
  readonly settings: JudgedBy;
  /** Records before this time were handled under other settings; null for none. */
  readonly settingsSince: number | null;
  readonly sawAll: boolean;
  readonly kept: Pick<KeptRecords, 'has'>;
  /** Finds the records among some that `redrive` has written into the tables since, by their offsets. */
  readonly redriven: (records: readonly KafkaRecord[]) => Promise<ReadonlySet<number>>;
  readonly now: number;
}

/** The records whose rejected rows are read together. */
const together = 1_000;

/** The reads that may fail one after the other, each with its own tries, before the database counts as gone. */
const mostFailed = 50;

/** @returns a judge of records of one partition, which come in offset order. */
export const createJudge = (options: JudgeOptions): Judge => {
  const { tables, shape, settings, settingsSince, sawAll, kept, redriven, now } = options;
  let failed = 0;

  /** Reads a part of the tables; null where it does not come. */
  const reading = async <T>(read: Promise<T>): Promise<{ readonly came: T } | null> => {
    try {
      const came = await read;
      failed = 0;
      return { came };
    } catch (error) {
      if (!(error instanceof IngestError)) throw error;
      failed += 1;
      if (!(error instanceof TransientError) || failed > mostFailed)
        throw new UserFacingError(`The tables cannot be read: ${error.message}`, { cause: error });
      return null;
    }
  };

  const mayBeExpired = (timestamp: number, ttlSeconds: number): boolean =>
    ttlSeconds > 0 && (timestamp < 0 || now - timestamp >= ttlSeconds * 1_000 - clockSkewMs);

  const judgeOne = async (
    item: Item,
    rejected: Promise<{ readonly came: ReadonlyMap<number, RejectedRow> } | null>,
  ): Promise<Judged> => {
    const { record, reading: read, maximum } = item;
    const { offset, partition, timestamp } = record;
    const event = read.kind === 'event' ? read.event : null;
    const [row, rejectedRows] = await Promise.all([
      event === null ? { came: null } : reading(tables.eventRow(event)),
      rejected,
    ]);
    if (row === null || rejectedRows === null)
      return { item, verdict: { as: 'cannot tell', why: whys.unread }, digests: null };
    const stored = rejectedRows.came.get(offset);
    const settingsHold = settingsSince === null || timestamp >= settingsSince;
    const found: Found = {
      ...rowFound(shape, event, row.came, settingsHold),
      rejected: stored === undefined ? null : rejectedFound(stored, record),
    };
    const verdict = decide(read, found, {
      maximum,
      settings,
      settingsHold,
      mayBeExpired: {
        userEvents: mayBeExpired(timestamp, tables.userEventsTtlSeconds),
        rejected: mayBeExpired(timestamp, settings.rejectedTtlSeconds),
      },
      isKept: kept.has(partition, offset),
      sawAll,
    });
    const digests =
      verdict.as === 'open' && event !== null && row.came !== null
        ? {
            key: digest(shape.key(event)),
            found: shape.digest(row.came),
            due: shape.digest(event),
          }
        : null;
    return { item, verdict, digests };
  };

  return async (items) => {
    const parts = Array.from({ length: Math.ceil(items.length / together) }, (_, part) =>
      items.slice(part * together, (part + 1) * together),
    );
    const judged = await Promise.all(
      parts.map((part) => {
        const rejected = reading(tables.rejectedRows(part.map(({ record }) => record)));
        return Promise.all(part.map((item) => judgeOne(item, rejected)));
      }),
    );
    const all = judged.flat();
    const doubtful = all.filter(({ verdict }) => mayBeRedriven(verdict));
    if (doubtful.length === 0) return all;
    const offsets = await redriven(doubtful.map(({ item }) => item.record));
    return all.map((one) =>
      mayBeRedriven(one.verdict) && offsets.has(one.item.record.offset) ? asRedriven(one) : one,
    );
  };
};

/** Tells whether a record is as one that `redrive --to tables` has written, whatever its lateness. */
const mayBeRedriven = (verdict: Verdict): boolean =>
  (verdict.as === 'open' && verdict.otherwise === 'late') ||
  ('why' in verdict && (verdict.why === whys.both || verdict.why === whys.lowerMaximum));

const asRedriven = (judged: Judged): Judged => ({
  ...judged,
  verdict: { as: 'matched', onTrust: false },
  digests: null,
});

/** @param settingsHold false where a column may be of later, so that an earlier row has none. */
const rowFound = (
  shape: RowShape,
  event: ReadEvent | null,
  row: Values | null,
  settingsHold: boolean,
): Omit<Found, 'rejected'> => {
  if (event === null || row === null) return { row: 'none', differing: [] };
  const differing = shape
    .differing(event, row)
    .filter((name) => settingsHold || (row[name] ?? null) !== null);
  return { row: differing.length === 0 ? 'same' : 'other', differing };
};
