import type { Config } from './config.ts';
import { IngestError, OutOfTimeError, RefusedError } from './errors.ts';
import type { Verdict } from './judge.ts';
import type { Outcome } from './outcome.ts';
import { at, type KafkaRecord } from './record.ts';
import type { Rejection } from './rejection.ts';
import { settleAll } from './settle-all.ts';
import type { Stores } from './stores.ts';
import { type OnTime, type Unit, units } from './units.ts';

/** Runs an effect when fewer than the limit are running, in the order of the calls. */
export type Limit = <T>(effect: () => Promise<T>) => Promise<T>;

export interface WriteOptions extends Pick<Config, 'lateEvents' | 'eventIdInKey'> {
  readonly stores: Stores;
  readonly limit: Limit;
  /** Aborted when no further write may begin. */
  readonly outOfTime: AbortSignal;
}

/**
 * Carries out the verdicts on one partition's records, one outcome for each. Writes begin in offset order and run
 * side by side; after a failure none of a later record begins, for all of those are redelivered with it.
 */
export const write = async (
  verdicts: readonly Verdict[],
  { stores, limit, outOfTime, lateEvents, eventIdInKey }: WriteOptions,
): Promise<Outcome[]> => {
  const outcomes = new Map<KafkaRecord, Outcome>();
  let firstFailed = Number.POSITIVE_INFINITY;

  /** A failure of ours is the record's outcome; any other error is a bug, and escapes. */
  const fail = (record: KafkaRecord, error: unknown): void => {
    if (!(error instanceof IngestError)) throw error;
    outcomes.set(record, { kind: 'failed', error });
    firstFailed = Math.min(firstFailed, record.offset);
  };

  const reject = async (record: KafkaRecord, rejection: Rejection): Promise<void> => {
    const { reason, detail } = rejection;
    if (reason === 'late' && lateEvents === 'drop') {
      outcomes.set(record, { kind: 'dropped', reason });
      return;
    }
    await stores.writeRejected(record, rejection);
    outcomes.set(record, { kind: 'rejected', reason, detail });
  };

  /**
   * The last of the rows of one key is written; the others are superseded once it is durable. One that the database
   * refuses leaves the row to the one before it.
   */
  const upsert = async (sameKey: readonly OnTime[]): Promise<void> => {
    const lower = [...sameKey];
    for (let last = lower.pop(); last !== undefined; last = lower.pop()) {
      const { record, event, future } = last;
      const refused = await refusal(stores.writeUserEvent(event));
      if (refused === null) {
        outcomes.set(record, { kind: 'written', future });
        for (const { record: superseded } of lower)
          outcomes.set(superseded, { kind: 'superseded', by: record.offset });
        return;
      }
      const { eventTime } = event;
      try {
        await reject(record, { reason: 'refused', detail: refused.message, eventTime });
      } catch (error) {
        fail(record, error);
      }
    }
  };

  const carryOut = async (unit: Unit): Promise<void> => {
    const [{ record }] = unit.verdicts;
    if (record.offset > firstFailed) return;
    try {
      if (outOfTime.aborted)
        throw new OutOfTimeError(`no time was left to begin the write of ${at(record)}`);
      if (unit.kind === 'upsert') await upsert(unit.verdicts);
      else await reject(record, unit.verdicts[0].rejection);
    } catch (error) {
      for (const { record: undone } of unit.verdicts)
        if (!outcomes.has(undone)) fail(undone, error);
    }
  };

  await settleAll(units(verdicts, eventIdInKey).map((unit) => limit(() => carryOut(unit))));
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
