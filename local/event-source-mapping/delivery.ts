import { setTimeout as delay } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import type { InvokeResult } from '../function/invoke-result.ts';
import { type AssignedPartition, nextOffset } from './assigned-partition.ts';
import { backoffMs } from './backoff.ts';
import type { WaitingRecord } from './batch.ts';
import { type BatchJudgement, committableOffset, judgeResult, toRetry } from './batch-response.ts';
import { bisect } from './bisect.ts';
import { toEventJson } from './kafka-event.ts';
import { type FailureCondition, failureEnvelope } from './on-failure.ts';
import type { BatchReport } from './options.ts';
import { allowedRetries, type Settings } from './settings.ts';

/** What a batch still has to deliver of one partition. */
export interface BatchPart {
  readonly partition: AssignedPartition;
  readonly identifier: string;
  readonly records: readonly WaitingRecord[];
}

export interface DeliveryPorts {
  readonly settings: Settings;
  /** As many invocations at a time as the mapping may have. */
  readonly limit: LimitFunction;
  readonly commit: (offsets: ReadonlyMap<AssignedPartition, number>) => Promise<void>;
  readonly release: (partition: AssignedPartition) => void;
  /** Aborted when no further attempt may begin. */
  readonly stopping: AbortSignal;
}

/** What is delivered together: a whole batch, or a part of one that was bisected. */
interface Piece {
  readonly parts: readonly BatchPart[];
  /** That had these records among theirs. */
  readonly invocations: number;
  /** Those that count towards the retries: bisecting is none. */
  readonly failures: number;
  readonly result?: InvokeResult;
}

/**
 * The story of a batch: invoked, judged, committed, and what failed of it again, whole or in halves, until nothing of
 * it is left, it was given up or lost to another member, or the mapping stops. It waits for its retries without
 * holding up other partitions.
 */
export const deliver = async (ports: DeliveryPorts, batch: readonly BatchPart[]): Promise<void> => {
  const { settings, limit, stopping } = ports;
  /** In offset order: a second half waits until nothing is left of the first. */
  let open: readonly Piece[] = [{ parts: batch, invocations: 0, failures: 0 }];
  for (let [piece] = open; piece !== undefined; [piece] = open) {
    const attempted = await limit(() => attempt(settings, piece, stopping));
    if (attempted === undefined) return;
    const { parts, next, report } = attempted;
    open = [...next, ...open.slice(1)];
    if (settings.faultHooks?.loseCommit?.(parts) === true) releaseDone(ports, parts, open);
    else await settle(ports, parts, open);
    if (report !== undefined) settings.onBatch?.(report);
    if (stopping.aborted) return;
    const [first] = next;
    if (first !== undefined)
      await pause(backoffMs(settings.backoff, first.invocations, Math.random()), stopping);
  }
};

/** A piece, once more: what was tried of it, and what of that comes again. Nothing when the mapping stops. */
const attempt = async (settings: Settings, piece: Piece, stopping: AbortSignal) => {
  if (stopping.aborted) return undefined;
  const parts = piece.parts.filter(({ partition }) => !partition.lost);
  const { expired, fresh } = byAge(parts, settings.maxRecordAgeSeconds, Date.now());
  if (expired.length > 0) await giveUp(settings, 'RecordAgeExceeded', { ...piece, parts: expired });
  if (fresh.length === 0) return { parts, next: [] };
  const { judgement, result, report } = await invokeOnce(settings, { ...piece, parts: fresh });
  const next = await afterwards(settings, judgement, {
    parts: fresh
      .map((part) => ({ ...part, records: toRetry(part, judgement, settings.partialFailures) }))
      .filter(({ records }) => records.length > 0),
    invocations: piece.invocations + 1,
    failures: piece.failures,
    result,
  });
  const partitions = fresh.map((part) => partReport(part, next));
  return { parts, next, report: { ...report, partitions } };
};

/** What of a piece that was tried once more comes again: nothing where it succeeded, or its retries have ended. */
const afterwards = async (
  settings: Settings,
  judgement: BatchJudgement,
  piece: Piece,
): Promise<readonly Piece[]> => {
  const { parts, failures } = piece;
  if (parts.length === 0) return [];
  if (judgement.kind === 'whole' && settings.bisectBatchOnError && recordsOf(parts) > 1)
    return bisect(parts).map((half) => ({ ...piece, parts: half }));
  if (failures < allowedRetries(settings)) return [{ ...piece, failures: failures + 1 }];
  await giveUp(settings, 'RetryAttemptsExhausted', piece);
  return [];
};

/** To the on-failure destination, where there is one and it takes them; else they are dropped. */
export const giveUp = async (
  settings: Settings,
  condition: FailureCondition,
  { parts, invocations = 0, result }: Pick<Piece, 'parts'> & Partial<Piece>,
): Promise<void> => {
  let kept = false;
  try {
    await settings.onFailure?.(
      failureEnvelope(settings, { condition, parts, invocations, result }),
    );
    kept = settings.onFailure !== undefined;
  } catch (error) {
    settings.onError?.(error as Error);
  }
  settings.onGivenUp?.({
    condition,
    kept,
    records: recordsOf(parts),
    partitions: parts.map(({ identifier, records }) => ({ identifier, ...span(records) })),
  });
};

/** Commits the partitions of the parts up to what is still open of them, and releases those that have nothing open. */
export const settle = async (
  ports: DeliveryPorts,
  parts: readonly BatchPart[],
  open: readonly Pick<Piece, 'parts'>[],
): Promise<void> => {
  const offsets = parts.map(({ partition }): [AssignedPartition, number] => [
    partition,
    committableOffset(recordsOpen(partition, open), nextOffset(partition)),
  ]);
  await ports.commit(new Map(offsets));
  releaseDone(ports, parts, open);
};

const releaseDone = (
  { release }: DeliveryPorts,
  parts: readonly BatchPart[],
  open: readonly Pick<Piece, 'parts'>[],
): void => {
  for (const { partition } of parts)
    if (recordsOpen(partition, open).length === 0) release(partition);
};

const recordsOpen = (
  partition: AssignedPartition,
  open: readonly Pick<Piece, 'parts'>[],
): readonly WaitingRecord[] =>
  open.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.partition === partition ? part.records : [])),
  );

interface Attempted {
  readonly judgement: BatchJudgement;
  readonly result: InvokeResult;
  readonly report: Omit<BatchReport, 'partitions'>;
}

const invokeOnce = async (
  settings: Settings,
  { parts, invocations }: Piece,
): Promise<Attempted> => {
  const attempt = invocations + 1;
  const eventJson = toEventJson(settings.source, parts);
  await settings.faultHooks?.beforeInvoke?.(parts, attempt);
  const start = performance.now();
  const result = await settings.invoke(eventJson);
  const durationMs = performance.now() - start;
  await settings.faultHooks?.afterInvoke?.(parts, result);

  const read = settings.reportBatchItemFailures || result.kind === 'error';
  const judgement: BatchJudgement = read ? judgeResult(result, parts) : { kind: 'success' };
  const records = recordsOf(parts);
  return {
    judgement,
    result,
    report: {
      attempt,
      records,
      retried: attempt > 1 ? records : 0,
      eventBytes: Buffer.byteLength(eventJson),
      durationMs,
      judgement,
    },
  };
};

const partReport = (
  { partition, identifier, records }: BatchPart,
  next: readonly Pick<Piece, 'parts'>[],
): BatchReport['partitions'][number] => ({
  identifier,
  ...span(records),
  records: records.length,
  toRetry: recordsOpen(partition, next).length,
});

const span = (records: readonly WaitingRecord[]) => ({
  firstOffset: records[0]?.offset ?? 0,
  lastOffset: records.at(-1)?.offset ?? 0,
});

const recordsOf = (parts: readonly BatchPart[]): number =>
  parts.reduce((sum, { records }) => sum + records.length, 0);

/** A record without a timestamp has no age. */
const byAge = (parts: readonly BatchPart[], maximumSeconds: number, now: number) => {
  const oldest = maximumSeconds === -1 ? 0 : now - maximumSeconds * 1000;
  const only = (expired: boolean): BatchPart[] =>
    parts
      .map((part) => ({
        ...part,
        records: part.records.filter(
          ({ timestamp }) => (timestamp >= 0 && timestamp < oldest) === expired,
        ),
      }))
      .filter(({ records }) => records.length > 0);
  return { expired: only(true), fresh: only(false) };
};

/** Waits, but not on when the signal is aborted. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
