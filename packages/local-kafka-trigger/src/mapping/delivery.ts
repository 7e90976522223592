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
import { allowedRetries, type MappingSettings } from './settings.ts';

/** The undelivered records of one partition of a batch. */
export interface BatchPart {
  readonly partition: AssignedPartition;
  readonly identifier: string;
  readonly records: readonly WaitingRecord[];
}

export interface DeliveryPorts {
  readonly settings: MappingSettings;
  /** Limits the concurrent invocations of the mapping. */
  readonly limit: LimitFunction;
  readonly commit: (offsets: ReadonlyMap<AssignedPartition, number>) => Promise<void>;
  readonly release: (partition: AssignedPartition) => void;
  /** Aborted when no further attempt may begin. */
  readonly stopping: AbortSignal;
}

/** The records of one invocation: a whole batch, or a part of a bisected one. */
interface Piece {
  readonly parts: readonly BatchPart[];
  /** The invocations so far that contained these records. */
  readonly invocations: number;
  /** The failed invocations that count as retries; bisecting does not count. */
  readonly failures: number;
  readonly result?: InvokeResult;
}

/**
 * Delivers a batch: it is invoked, judged and committed. The failed records are delivered again, whole or in halves, until none
 * is left, they are given up or lost to another member, or the mapping stops. Waiting for a retry does not hold up other
 * partitions.
 */
export const deliver = async (ports: DeliveryPorts, batch: readonly BatchPart[]): Promise<void> => {
  const { settings, limit, stopping } = ports;
  /** The pieces in offset order: a second half waits until nothing is left of the first. */
  let open: readonly Piece[] = [{ parts: batch, invocations: 0, failures: 0 }];
  for (let [piece] = open; piece !== undefined; [piece] = open) {
    const attempted = await limit(() => attempt(settings, piece, stopping));
    if (attempted === undefined) return;
    const { parts, next, report, invocation } = attempted;
    open = [...next, ...open.slice(1)];
    if (report !== undefined && settings.loseCommit?.(parts, report.judgement) === true)
      releaseDone(ports, parts, open);
    else await settle(ports, parts, open);
    if (report !== undefined) settings.onBatch?.(report, invocation);
    if (stopping.aborted) return;
    const [first] = next;
    if (first !== undefined)
      await pause(backoffMs(settings.backoff, first.invocations, Math.random()), stopping);
  }
};

/** Tries a piece once. Returns the tried parts and the pieces that follow; undefined when the mapping stops. */
const attempt = async (settings: MappingSettings, piece: Piece, stopping: AbortSignal) => {
  if (stopping.aborted) return undefined;
  const parts = piece.parts.filter(({ partition }) => !partition.lost);
  const { expired, fresh } = byAge(parts, settings.maxRecordAgeSeconds, Date.now());
  if (expired.length > 0) await giveUp(settings, 'RecordAgeExceeded', { ...piece, parts: expired });
  if (fresh.length === 0) return { parts, next: [] };

  const eventJson = toEventJson(settings.source, fresh);
  const start = performance.now();
  const result = await settings.invoke(eventJson);
  const durationMs = performance.now() - start;
  const read = settings.reportBatchItemFailures || result.kind === 'error';
  const judgement: BatchJudgement = read ? judgeResult(result, fresh) : { kind: 'success' };
  const invocations = piece.invocations + 1;
  const next = await nextPieces(settings, judgement, {
    parts: fresh
      .map((part) => ({ ...part, records: toRetry(part, judgement, settings.partialFailures) }))
      .filter(({ records }) => records.length > 0),
    invocations,
    failures: piece.failures,
    result,
  });
  const records = recordsOf(fresh);
  const report: BatchReport = {
    attempt: invocations,
    records,
    retried: invocations > 1 ? records : 0,
    eventBytes: Buffer.byteLength(eventJson),
    durationMs,
    judgement,
    partitions: fresh.map((part) => partReport(part, next)),
  };
  return { parts, next, report, invocation: { eventJson, result } };
};

/** Decides which pieces are delivered again: none after a success, or after the last retry. */
const nextPieces = async (
  settings: MappingSettings,
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

/** Sends records to the on-failure destination. They are dropped where there is none, or where it refuses them. */
export const giveUp = async (
  settings: MappingSettings,
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
    partitions: parts.map(({ identifier, records }) => ({ identifier, ...offsetRange(records) })),
  });
};

/** Commits the partitions of the parts up to their first open record, and releases the partitions without open records. */
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

const partReport = (
  { partition, identifier, records }: BatchPart,
  next: readonly Pick<Piece, 'parts'>[],
): BatchReport['partitions'][number] => ({
  identifier,
  ...offsetRange(records),
  records: records.length,
  toRetry: recordsOpen(partition, next).length,
});

const offsetRange = (records: readonly WaitingRecord[]) => ({
  firstOffset: records[0]?.offset ?? 0,
  lastOffset: records.at(-1)?.offset ?? 0,
});

const recordsOf = (parts: readonly BatchPart[]): number =>
  parts.reduce((sum, { records }) => sum + records.length, 0);

/** Separates expired records from fresh ones. A record without a timestamp does not expire. */
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

/** Waits for some milliseconds, or until the signal is aborted. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
