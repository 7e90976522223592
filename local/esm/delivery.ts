import { setTimeout as delay } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import { type AssignedPartition, nextOffset } from './assigned-partition.ts';
import { backoffMs } from './backoff.ts';
import type { WaitingRecord } from './batch.ts';
import { committableOffset, judgeResult, toRetry, type Verdict } from './batch-response.ts';
import { toEventJson } from './kafka-event.ts';
import type { BatchReport, Settings } from './options.ts';

/** What a batch still has to deliver of one partition. */
export interface BatchPart {
  readonly partition: AssignedPartition;
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

/**
 * The story of a batch: invoked, judged, committed, and what failed of it again, until nothing of it is left, it was
 * lost to another member, or the mapping stops. It waits for its retries without holding up other partitions.
 */
export const deliver = async (ports: DeliveryPorts, batch: readonly BatchPart[]): Promise<void> => {
  const { settings, limit, commit, release, stopping } = ports;
  let parts = batch;
  for (let attempt = 1; ; attempt += 1) {
    const attempted = await limit(async () => {
      parts = parts.filter(({ partition }) => !partition.lost);
      return parts.length === 0 || stopping.aborted
        ? undefined
        : invokeOnce(settings, parts, attempt);
    });
    if (attempted === undefined) return;

    const { delivered, verdict, report } = attempted;
    const after = parts.map((part, index) => ({
      ...part,
      records: toRetry(
        { identifier: part.partition.identifier, records: part.records },
        verdict,
        settings.partialFailures,
      ),
      before: delivered[index],
    }));
    if (settings.faults?.loseCommit?.(delivered) !== true)
      await commit(
        new Map(
          after.map(({ partition, records }) => [
            partition,
            committableOffset(records, nextOffset(partition)),
          ]),
        ),
      );
    for (const { partition, records } of after) if (records.length === 0) release(partition);
    settings.onBatch?.({
      ...report,
      partitions: after.map(({ records, before, partition }) => ({
        identifier: partition.identifier,
        firstOffset: before?.records[0]?.offset ?? 0,
        lastOffset: before?.records.at(-1)?.offset ?? 0,
        records: before?.records.length ?? 0,
        toRetry: records.length,
      })),
    });

    parts = after.filter(({ records }) => records.length > 0);
    if (parts.length === 0 || stopping.aborted) return;
    await pause(backoffMs(settings.backoff, attempt, Math.random()), stopping);
  }
};

interface Attempted {
  readonly delivered: readonly {
    readonly identifier: string;
    readonly records: readonly WaitingRecord[];
  }[];
  readonly verdict: Verdict;
  readonly report: Omit<BatchReport, 'partitions'>;
}

const invokeOnce = async (
  settings: Settings,
  parts: readonly BatchPart[],
  attempt: number,
): Promise<Attempted> => {
  const delivered = parts.map(({ partition: { identifier }, records }) => ({
    identifier,
    records,
  }));
  const eventJson = toEventJson(settings.source, delivered);
  await settings.faults?.beforeInvoke?.(delivered, attempt);
  const start = performance.now();
  const result = await settings.invoke(eventJson);
  const durationMs = performance.now() - start;
  await settings.faults?.afterInvoke?.(delivered, result);

  const read = settings.reportBatchItemFailures || result.kind === 'error';
  const verdict: Verdict = read ? judgeResult(result, delivered) : { kind: 'success' };
  const records = delivered.reduce((sum, part) => sum + part.records.length, 0);
  return {
    delivered,
    verdict,
    report: {
      attempt,
      records,
      retried: attempt > 1 ? records : 0,
      eventBytes: Buffer.byteLength(eventJson),
      durationMs,
      verdict,
    },
  };
};

/** Waits, but not on when the signal is aborted. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
