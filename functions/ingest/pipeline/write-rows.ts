import type { Settings } from '../settings/read-settings.ts';
import type { Acceptances } from './acceptances.ts';
import { settleAll } from './await-all.ts';
import type { Deadline } from './deadlines.ts';
import {
  BehindFailureError,
  IngestError,
  RefusedError,
  TransientError,
  UnknownRefusalError,
} from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import type { Verdict } from './judge.ts';
import { at } from './kafka-record.ts';
import type { Outcome } from './outcome.ts';
import { type Reject, type Several, Upsert, units } from './row-groups.ts';
import type { RowsWrite, Stores } from './stores.ts';

export interface WriteOptions extends Pick<Settings, 'lateEvents'> {
  readonly stores: Stores;
  readonly flow: FlowControl;
  readonly deadline: Deadline;
  /** What each table has accepted in this environment, by which an unknown refusal is judged. */
  readonly acceptances: { readonly userEvents: Acceptances; readonly rejected: Acceptances };
}

/**
 * Attempts to write several rows with one request, before each is written by itself: what throttles may have room for some, never
 * for all at once, and would have them fail for as long as they are tried together.
 */
const attemptsTogether = 3;

/**
 * Carries out the verdicts on one partition's records, one outcome for each. Writes begin in offset order and run
 * side by side; after a failure none of a later record begins, for all of those are redelivered with it.
 */
export const write = async (
  verdicts: readonly Verdict[],
  { stores, flow, deadline, acceptances, lateEvents }: WriteOptions,
): Promise<Outcome[]> => {
  /** By the places of the verdicts. */
  const outcomes = new Array<Outcome | undefined>(verdicts.length);
  let firstFailed = Number.POSITIVE_INFINITY;

  /** A failure of ours is the record's outcome; any other error is a bug, and escapes. */
  const fail = ({ record, place }: Place, error: unknown): void => {
    if (!(error instanceof IngestError)) throw error;
    outcomes[place] = { kind: 'failed', error };
    firstFailed = Math.min(firstFailed, record.offset);
  };

  /** A write of rows, when its turn comes: by then a record before the first of them may have failed. */
  const request = ({ rows, write: effect }: RowsWrite<{ readonly offset: number }>) =>
    flow.request(
      async () => {
        if (rows[0].offset > firstFailed)
          throw new BehindFailureError(`offset ${firstFailed} of its partition has failed`);
        await effect();
      },
      deadline,
      rows.length === 1 ? undefined : attemptsTogether,
    );

  /** Whether rows that failed together are to be written one by one: to find the one that is refused, or for want of room. */
  const areToBeAlone = (error: unknown, rows: Several<unknown>): boolean =>
    rows.length > 1 &&
    (error instanceof RefusedError ||
      error instanceof UnknownRefusalError ||
      (error instanceof TransientError && deadline.left() > 0));

  /** Judges the rows that were refused alone, in unknown words: once the writes beside them have been answered. */
  const undecided: (() => Promise<void> | void)[] = [];
  const began = new Map(
    Object.values(acceptances).map((accepted) => [accepted, accepted.count] as const),
  );
  /** @param blame takes the refusal as the row's fault; @param wait takes it as the table's. */
  const decideLater = (
    accepted: Acceptances,
    { record }: Place,
    { message }: UnknownRefusalError,
    blame: (refused: RefusedError) => Promise<void> | void,
    wait: () => void,
  ): void => {
    const name = at(record);
    accepted.refuse(name, began.get(accepted) ?? 0);
    undecided.push(() =>
      accepted.blames(name)
        ? blame(new RefusedError(`the database refuses this row, and takes others: ${message}`))
        : wait(),
    );
  };

  const reject = async (writeRejected: RowsWrite<Reject>): Promise<void> => {
    const { rows } = writeRejected;
    try {
      await request(writeRejected);
      acceptances.rejected.accept();
    } catch (error) {
      if (areToBeAlone(error, rows))
        return carryOut(
          alone(rows, (row) => stores.rejectedWrites(row)),
          reject,
        );
      const failAll = (why: unknown): void => {
        for (const row of rows) fail(row, why);
      };
      // Nothing else can keep the record: it waits in either case, and what is said of it differs.
      if (error instanceof UnknownRefusalError)
        return decideLater(acceptances.rejected, rows[0], error, failAll, () => failAll(error));
      return failAll(error);
    }
    for (const { place, rejection } of rows) {
      const { reason, detail } = rejection;
      outcomes[place] = { kind: 'rejected', reason, detail };
    }
  };

  /** The last event of each key is written; the others are superseded once it is durable. */
  const upsert = async (writeEvents: RowsWrite<Upsert>): Promise<void> => {
    const { rows } = writeEvents;
    try {
      await request(writeEvents);
      acceptances.userEvents.accept();
    } catch (error) {
      if (areToBeAlone(error, rows))
        return carryOut(
          alone(rows, (row) => stores.userEventWrites(row)),
          upsert,
        );
      if (error instanceof RefusedError) return refuse(rows[0], error);
      const [row] = rows;
      const failAll = (): void => {
        for (const { last, superseded } of rows) {
          for (const verdict of superseded) fail(verdict, error);
          fail(last, error);
        }
      };
      if (error instanceof UnknownRefusalError)
        return decideLater(
          acceptances.userEvents,
          row.last,
          error,
          (refused) => refuse(row, refused),
          failAll,
        );
      return failAll();
    }
    wrote(rows, outcomes);
  };

  /** The row is left to the event before it. */
  const refuse = async (
    { offset, last, superseded }: Upsert,
    { message }: RefusedError,
  ): Promise<void> => {
    const { record, place, event } = last;
    const rejection = { reason: 'refused', detail: message, eventTime: event.eventTime } as const;
    await carryOut(stores.rejectedWrites([{ record, place, rejection, offset }]), reject);
    const before = superseded.at(-1);
    if (before === undefined) return;
    const left = new Upsert(before, superseded.slice(0, -1));
    await carryOut(stores.userEventWrites([left]), upsert);
  };

  const isDropped = ({ rejection: { reason } }: Reject): boolean =>
    reason === 'late' && lateEvents === 'drop';

  const { upserts, rejects } = units(verdicts);
  for (const { place } of rejects.filter(isDropped))
    outcomes[place] = { kind: 'dropped', reason: 'late' };
  const kept = rejects.filter((one) => !isDropped(one));
  const begins = [
    ...stores
      .userEventWrites(upserts)
      .map((rows) => [rows.rows[0].offset, () => upsert(rows)] as const),
    ...stores
      .rejectedWrites(kept)
      .map((rows) => [rows.rows[0].offset, () => reject(rows)] as const),
  ];
  begins.sort(([one], [other]) => one - other);
  await settleAll(begins.map(([, begin]) => begin()));
  // A row that is rejected leaves its key to the event before it, which may be refused too.
  while (undecided.length > 0) await settleAll(undecided.splice(0).map(async (decide) => decide()));
  return inOffsetOrder(verdicts, outcomes);
};

/** What most records share. */
const written: Outcome = { kind: 'written', future: false };
const writtenOfFuture: Outcome = { kind: 'written', future: true };

type Place = Pick<Verdict, 'record' | 'place'>;

const alone = <Row>(
  rows: Several<Row>,
  writesOf: (rows: readonly Row[]) => RowsWrite<Row>[],
): RowsWrite<Row>[] => rows.flatMap((row) => writesOf([row]));

const carryOut = async <Row>(
  writes: readonly RowsWrite<Row>[],
  one: (write: RowsWrite<Row>) => Promise<void>,
): Promise<void> => {
  await settleAll(writes.map(one));
};

/** The last event of each key is written, the others are superseded by it. */
const wrote = (rows: readonly Upsert[], outcomes: (Outcome | undefined)[]): void => {
  for (const { last, superseded } of rows) {
    for (const { place } of superseded)
      outcomes[place] = { kind: 'superseded', by: last.record.offset };
    outcomes[last.place] = last.future ? writtenOfFuture : written;
  }
};

/** From the first failed record on all are failed, with its error: they are redelivered with it. */
const inOffsetOrder = (
  verdicts: readonly Verdict[],
  outcomes: readonly (Outcome | undefined)[],
): Outcome[] => {
  let failed: (Outcome & { readonly kind: 'failed' }) | undefined;
  const all: Outcome[] = [];
  for (const { record, place } of verdicts) {
    const outcome = failed ?? outcomes[place];
    if (outcome === undefined) throw new Error(`${at(record)} has no outcome`);
    if (outcome.kind === 'failed') failed = outcome;
    all.push(outcome);
  }
  return all;
};
