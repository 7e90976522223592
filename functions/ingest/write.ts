import type { Config } from './config.ts';
import type { Deadline } from './deadline.ts';
import { BehindFailureError, IngestError, RefusedError, TransientError } from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import type { Verdict } from './judge.ts';
import type { Outcome } from './outcome.ts';
import { at, type KafkaRecord } from './record.ts';
import { settleAll } from './settle-all.ts';
import type { RowsWrite, Stores } from './stores.ts';
import { type Reject, type Several, Upsert, units } from './units.ts';

export interface WriteOptions extends Pick<Config, 'lateEvents' | 'eventIdInKey'> {
  readonly stores: Stores;
  readonly flow: FlowControl;
  readonly deadline: Deadline;
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
  { stores, flow, deadline, lateEvents, eventIdInKey }: WriteOptions,
): Promise<Outcome[]> => {
  const outcomes = new Map<KafkaRecord, Outcome>();
  let firstFailed = Number.POSITIVE_INFINITY;

  /** A failure of ours is the record's outcome; any other error is a bug, and escapes. */
  const fail = (record: KafkaRecord, error: unknown): void => {
    if (!(error instanceof IngestError)) throw error;
    outcomes.set(record, { kind: 'failed', error });
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
    (error instanceof RefusedError || (error instanceof TransientError && deadline.left() > 0));

  const reject = async (writeRejected: RowsWrite<Reject>): Promise<void> => {
    const { rows } = writeRejected;
    try {
      await request(writeRejected);
    } catch (error) {
      if (areToBeAlone(error, rows))
        return carryOut(
          alone(rows, (row) => stores.rejectedWrites(row)),
          reject,
        );
      for (const { record } of rows) fail(record, error);
      return;
    }
    for (const { record, rejection } of rows) {
      const { reason, detail } = rejection;
      outcomes.set(record, { kind: 'rejected', reason, detail });
    }
  };

  /** The last event of each key is written; the others are superseded once it is durable. */
  const upsert = async (writeEvents: RowsWrite<Upsert>): Promise<void> => {
    const { rows } = writeEvents;
    try {
      await request(writeEvents);
    } catch (error) {
      if (areToBeAlone(error, rows))
        return carryOut(
          alone(rows, (row) => stores.userEventWrites(row)),
          upsert,
        );
      if (error instanceof RefusedError) return refuse(rows[0], error);
      for (const { verdicts: sameKey } of rows)
        for (const { record } of sameKey) fail(record, error);
      return;
    }
    for (const { last, verdicts: sameKey } of rows) {
      const { record, future } = last;
      for (const { record: superseded } of sameKey)
        outcomes.set(superseded, { kind: 'superseded', by: record.offset });
      outcomes.set(record, { kind: 'written', future });
    }
  };

  /** The row is left to the event before it. */
  const refuse = async (
    { offset, last, verdicts: sameKey }: Upsert,
    { message }: RefusedError,
  ): Promise<void> => {
    const { record, event } = last;
    const rejection = { reason: 'refused', detail: message, eventTime: event.eventTime } as const;
    await carryOut(stores.rejectedWrites([{ record, rejection, offset }]), reject);
    const [first, ...others] = sameKey.slice(0, -1);
    if (first !== undefined)
      await carryOut(stores.userEventWrites([new Upsert(first, ...others)]), upsert);
  };

  const isDropped = ({ rejection: { reason } }: Reject): boolean =>
    reason === 'late' && lateEvents === 'drop';

  const { upserts, rejects } = units(verdicts, eventIdInKey);
  for (const { record } of rejects.filter(isDropped))
    outcomes.set(record, { kind: 'dropped', reason: 'late' });
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
  return inOffsetOrder(verdicts, outcomes);
};

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

/** From the first failed record on all are failed, with its error: they are redelivered with it. */
const inOffsetOrder = (
  verdicts: readonly Verdict[],
  outcomes: ReadonlyMap<KafkaRecord, Outcome>,
): Outcome[] => {
  let failed: (Outcome & { readonly kind: 'failed' }) | undefined;
  return verdicts.map(({ record }) => {
    const outcome = failed ?? outcomes.get(record);
    if (outcome === undefined) throw new Error(`${at(record)} has no outcome`);
    if (outcome.kind === 'failed') failed = outcome;
    return outcome;
  });
};
