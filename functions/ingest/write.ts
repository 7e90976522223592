import type { Config } from './config.ts';
import type { Deadline } from './deadline.ts';
import { BehindFailureError, IngestError, RefusedError } from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import type { Verdict } from './judge.ts';
import type { Outcome } from './outcome.ts';
import { at, type KafkaRecord } from './record.ts';
import type { Rejection } from './rejection.ts';
import { settleAll } from './settle-all.ts';
import type { Stores } from './stores.ts';
import { type OnTime, type Several, type Unit, units } from './units.ts';

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

  /** A write of the unit that begins at `offset`, when its turn comes: by then an earlier record may have failed. */
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
    await request(unitOffset, () => stores.writeRejected(record, rejection));
    outcomes.set(record, { kind: 'rejected', reason, detail });
  };

  /**
   * The last of the rows of one key is written; the others are superseded once it is durable. One that the database
   * refuses leaves the row to the one before it.
   */
  const upsert = async (sameKey: Several<OnTime>): Promise<void> => {
    const unitOffset = sameKey[0].record.offset;
    const lower = [...sameKey];
    for (let last = lower.pop(); last !== undefined; last = lower.pop()) {
      const { record, event, future } = last;
      const refused = await refusal(request(unitOffset, () => stores.writeUserEvent(event)));
      if (refused === null) {
        outcomes.set(record, { kind: 'written', future });
        for (const { record: superseded } of lower)
          outcomes.set(superseded, { kind: 'superseded', by: record.offset });
        return;
      }
      const { eventTime } = event;
      try {
        const rejection = { reason: 'refused', detail: refused.message, eventTime } as const;
        await reject(record, rejection, unitOffset);
      } catch (error) {
        fail(record, error);
      }
    }
  };

  const carryOut = async (unit: Unit): Promise<void> => {
    try {
      if (unit.kind === 'upsert') await upsert(unit.verdicts);
      else await reject(unit.verdicts[0].record, unit.verdicts[0].rejection);
    } catch (error) {
      for (const { record: undone } of unit.verdicts)
        if (!outcomes.has(undone)) fail(undone, error);
    }
  };

  await settleAll(units(verdicts, eventIdInKey).map(carryOut));
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
