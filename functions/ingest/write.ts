import type { Config } from './config.ts';
import type { Deadline } from './deadline.ts';
import { BehindFailureError, IngestError, RefusedError } from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import type { Verdict } from './judge.ts';
import type { Outcome } from './outcome.ts';
import { at, type KafkaRecord } from './record.ts';
import type { Rejection } from './rejection.ts';
import { settleAll } from './settle-all.ts';
import type { RowsWrite, Stores } from './stores.ts';
import { type Several, Upsert, units } from './units.ts';

export interface WriteOptions extends Pick<Config, 'lateEvents' | 'eventIdInKey'> {
  readonly stores: Stores;
  readonly flow: FlowControl;
  readonly deadline: Deadline;
}

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

  /** A write of records from `offset` on, when its turn comes: by then an earlier record may have failed. */
  const request = (offset: number, effect: () => Promise<void>): Promise<void> =>
    flow.request(async () => {
      if (offset > firstFailed)
        throw new BehindFailureError(`offset ${firstFailed} of its partition has failed`);
      await effect();
    }, deadline);

  const reject = async (
    record: KafkaRecord,
    rejection: Rejection,
    unitOffset = record.offset,
  ): Promise<void> => {
    const { reason, detail } = rejection;
    if (reason === 'late' && lateEvents === 'drop') {
      outcomes.set(record, { kind: 'dropped', reason });
      return;
    }
    try {
      await request(unitOffset, () => stores.writeRejected(record, rejection));
      outcomes.set(record, { kind: 'rejected', reason, detail });
    } catch (error) {
      fail(record, error);
    }
  };

  /** The last event of each key is written; the others are superseded once it is durable. */
  const upsert = async ({ rows, write: writeRows }: RowsWrite<Upsert>): Promise<void> => {
    let refused: RefusedError | null;
    try {
      refused = await refusal(request(rows[0].offset, writeRows));
    } catch (error) {
      for (const { verdicts: sameKey } of rows)
        for (const { record } of sameKey) fail(record, error);
      return;
    }
    if (refused !== null) return refuse(rows, refused);
    for (const { last, verdicts: sameKey } of rows) {
      const { record, future } = last;
      for (const { record: superseded } of sameKey)
        outcomes.set(superseded, { kind: 'superseded', by: record.offset });
      outcomes.set(record, { kind: 'written', future });
    }
  };

  /** Of several rows each is written alone, to find the one; that one is left to the event before it. */
  const refuse = async (rows: Several<Upsert>, refused: RefusedError): Promise<void> => {
    if (rows.length > 1) return upsertAll(rows.flatMap((row) => stores.userEventWrites([row])));
    const [{ offset, last, verdicts: sameKey }] = rows;
    const { record, event } = last;
    const rejection = { reason: 'refused', detail: refused.message, eventTime: event.eventTime };
    await reject(record, rejection as Rejection, offset);
    const [first, ...others] = sameKey.slice(0, -1);
    if (first !== undefined)
      await upsertAll(stores.userEventWrites([new Upsert(first, ...others)]));
  };

  const upsertAll = async (writes: readonly RowsWrite<Upsert>[]): Promise<void> => {
    await settleAll(writes.map(upsert));
  };

  const { upserts, rejected } = units(verdicts, eventIdInKey);
  const begins = [
    ...stores.userEventWrites(upserts).map((rows) => ({
      offset: rows.rows[0].offset,
      begin: () => upsert(rows),
    })),
    ...rejected.map(({ record, rejection }) => ({
      offset: record.offset,
      begin: () => reject(record, rejection),
    })),
  ];
  begins.sort((one, other) => one.offset - other.offset);
  await settleAll(begins.map(({ begin }) => begin()));
  return inOffsetOrder(verdicts, outcomes);
};

const refusal = async (write: Promise<void>): Promise<RefusedError | null> => {
  try {
    await write;
    return null;
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
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
