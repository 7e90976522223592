import pLimit from 'p-limit';
import { fetchedRecords } from '../kafka/fetched-records.ts';
import { type Assignment, joinGroup } from '../kafka/group-membership.ts';
import { createTopicReader, earliest, latest } from '../kafka/topic-reader.ts';
import { rootMessage } from '../root-message.ts';
import { TriggerError } from '../trigger-error.ts';
import {
  type AssignedPartition,
  append,
  assignedPartition,
  hasRoom,
  take,
} from './assigned-partition.ts';
import { cutBatch, type WaitingRecord } from './batch.ts';
import { type Counts, counting } from './counts.ts';
import { type BatchPart, deliver, giveUp, pause, settle } from './delivery.ts';
import { envelopeBytes } from './kafka-event.ts';
import type { PollerOptions } from './options.ts';
import { type SourceRecord, toRecordJson } from './record-json.ts';
import { toSettings } from './settings.ts';

export interface Poller extends AsyncDisposable {
  readonly consumerGroup: string;
  /** Lists the partitions that this member of the group has now. */
  readonly partitions: () => readonly number[];
  readonly counts: () => Counts;
  /**
   * Resolves when the group has committed up to these offsets, by whichever member. The map has the offset after the last record
   * of each partition. Rejects when the mapping ends before.
   */
  readonly drained: (endOffsets: ReadonlyMap<number, number | bigint>) => Promise<void>;
  /** Resolves when the group has committed every record that the topic has now. */
  readonly drain: () => Promise<void>;
  /**
   * Reads every partition again from its last commit, as after a crash of the poller. The batches in flight go on, and their offsets are
   * not committed.
   */
  readonly reread: () => void;
  /** Finishes and commits the batches in flight, leaves the group and closes every connection. */
  readonly stop: () => Promise<void>;
  /** Resolves when the mapping has stopped; rejects with the error that ended it. */
  readonly finished: Promise<void>;
}

/** Starts one poller of Lambda's Kafka event source mapping: a member of a real consumer group, which reads a topic. */
export const startPoller = async (options: PollerOptions): Promise<Poller> => {
  const settings = counting(toSettings(options));
  const { topic, consumerGroup, connection } = settings;
  const stopping = new AbortController();
  const limit = pLimit(settings.concurrency);
  const limits = {
    batchSize: settings.batchSize,
    maxBatchingWindowMs: settings.maxBatchingWindowMs,
    payloadBytes: settings.payloadBytes,
    envelopeBytes: envelopeBytes(settings.source),
  };
  const onError = (error: Error): void => {
    if (!stopping.signal.aborted) settings.onError?.(error);
  };

  const assigned = new Map<number, AssignedPartition>();
  const deliveries = new Set<Promise<void>>();
  /** Resolves when something changes that the fetch loop or `drained` may wait for. */
  let change = Promise.withResolvers<void>();
  const changed = (): void => {
    change.resolve();
    change = Promise.withResolvers();
  };

  const reader = createTopicReader(connection, topic, consumerGroup);
  /** The start of each partition, found before the group is joined: what comes later than this call is read. */
  let starts: ReadonlyMap<number, bigint>;
  try {
    const { startingPosition, startingPositionTimestamp } = settings;
    const start = startingPosition === 'TRIM_HORIZON' ? earliest : latest;
    starts = await reader.offsetsAt(
      await reader.partitions(),
      BigInt(startingPositionTimestamp?.getTime() ?? start),
    );
  } catch (error) {
    await reader.close();
    throw new TriggerError(
      `Cannot read topic ${topic} at ${connection.bootstrapServers.join(',')}: ${rootMessage(error)}. ` +
        'Check that Kafka runs there, that the topic exists, and whether the brokers want TLS or a login.',
      { cause: error },
    );
  }

  let member: Pick<Assignment, 'memberId' | 'generationId'> = { memberId: '' };
  const onAssigned = ({ memberId, generationId, partitions }: Assignment): void => {
    // A generation without this member may have given its partitions to another member, which then went on with them. The same one comes
    // again where a member that does not lead asks to share out added partitions.
    const kept =
      memberId === member.memberId &&
      generationId !== undefined &&
      generationId <= (member.generationId ?? Number.NaN) + 1;
    member = { memberId, ...(generationId !== undefined && { generationId }) };
    for (const [number, partition] of assigned) {
      if (kept && partitions.includes(number)) continue;
      partition.lost = true;
      assigned.delete(number);
    }
    for (const number of partitions)
      if (!assigned.has(number)) assigned.set(number, assignedPartition(topic, number));
    changed();
  };
  const group = await joinGroup(
    connection,
    topic,
    consumerGroup,
    settings.metadataMaxAgeMs,
    onAssigned,
    onError,
  );

  /** Takes a partition as if it had just been assigned: what is in flight of it is not committed. */
  const renew = (former: AssignedPartition, position?: bigint): void => {
    former.lost = true;
    assigned.set(former.partition, assignedPartition(topic, former.partition, position));
  };

  const commit = async (offsets: ReadonlyMap<AssignedPartition, number>): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      const due = [...offsets].filter(
        ([partition, offset]) => !partition.lost && offset > partition.committed,
      );
      if (due.length === 0) return;
      try {
        await group.commit(new Map(due.map(([{ partition }, offset]) => [partition, offset])));
        for (const [partition, offset] of due) partition.committed = offset;
        changed();
        return;
      } catch (error) {
        onError(error as Error);
        // A stopping mapping leaves uncommitted records to a redelivery: at least once.
        if (stopping.signal.aborted && attempt >= 10) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };

  const release = (partition: AssignedPartition): void => {
    partition.busy = false;
    partition.since = Date.now();
  };

  const ports = { settings, limit, commit, release, stopping: stopping.signal };
  let timer: NodeJS.Timeout | undefined;
  const startDueBatches = (): void => {
    clearTimeout(timer);
    while (
      !stopping.signal.aborted &&
      limit.activeCount + limit.pendingCount < settings.concurrency
    ) {
      const free = [...assigned.values()].filter(({ busy }) => !busy);
      const now = Date.now();
      const cut = cutBatch(free, limits, now);
      if (cut.kind === 'nothing') return;
      if (cut.kind === 'wait') {
        timer = setTimeout(startDueBatches, cut.dueAt - now);
        return;
      }
      if (cut.kind === 'oversized') run(giveUpOversized(taken(cut.queue, 1)));
      else {
        const batch = cut.takes.map(({ queue, count }) => taken(queue, count));
        run(deliver(ports, batch));
      }
    }
  };

  const taken = (partition: AssignedPartition, count: number): BatchPart => {
    partition.busy = true;
    const { identifier } = partition;
    return { partition, identifier, records: take(partition, count) };
  };

  /** Gives up a record that is too large for an event. AWS drops it silently without a destination; here it is counted. */
  const giveUpOversized = async (part: BatchPart): Promise<void> => {
    await giveUp(settings, 'MaximumPayloadSizeExceeded', { parts: [part] });
    await settle(ports, [part], []);
  };

  const run = (delivering: Promise<void>): void => {
    const delivery = delivering.catch(fail).finally(() => {
      deliveries.delete(delivery);
      startDueBatches();
      changed();
    });
    deliveries.add(delivery);
    changed();
  };

  const findPositions = async (partitions: readonly AssignedPartition[]): Promise<void> => {
    const committed = await group.committed(partitions.map(({ partition }) => partition));
    for (const partition of partitions) {
      const number = partition.partition;
      const position = committed.get(number) ?? starts.get(number) ?? 0n;
      partition.position = position;
      partition.committed = Number(position);
    }
  };

  const fetchOnce = async (): Promise<void> => {
    const mine = [...assigned.values()];
    const unplaced = mine.filter(({ position }) => position === null);
    if (unplaced.length > 0) await findPositions(unplaced);

    const skipped = mine.filter(
      (one) => one.skipped && !one.busy && one.records.length === 0 && !one.lost,
    );
    await commit(new Map(skipped.map((partition) => [partition, Number(partition.position)])));
    for (const partition of skipped) partition.skipped = false;

    const positions = new Map<number, bigint>();
    for (const partition of mine) {
      const { partition: number, position, lost } = partition;
      if (position !== null && !lost && hasRoom(partition, limits)) positions.set(number, position);
    }
    if (positions.size === 0) {
      // A batch that waits for its retry frees its invocation, and the partitions beside it, without a word.
      await Promise.race([change.promise, pause(100, stopping.signal)]);
      return;
    }

    const answer = await reader.fetch(positions);
    for (const response of answer.partitions) {
      const partition = mine.find((one) => one.partition === response.partitionIndex);
      if (partition === undefined || partition.position === null || partition.lost) continue;
      const { records, nextOffset } = fetchedRecords(topic, response, partition.position);
      append(partition, records.map(waiting), Date.now());
      partition.skipped = records.length === 0 && nextOffset > partition.position;
      partition.position = nextOffset;
    }
    if (answer.outOfRange.length === 0) return;
    for (const [number, oldest] of await reader.offsetsAt(answer.outOfRange, earliest)) {
      const partition = mine.find((one) => one.partition === number);
      if (partition === undefined || partition.position === null || partition.lost) continue;
      // The records of a topic that was made anew are others, whatever their offsets.
      if (oldest < partition.position) renew(partition, oldest);
      else Object.assign(partition, { position: oldest, skipped: true });
    }
  };

  const waiting = (record: SourceRecord): WaitingRecord => {
    const json = toRecordJson(record, settings.nulls);
    const { offset, timestamp } = record;
    return { offset, timestamp, json, bytes: Buffer.byteLength(json) };
  };

  const fetchUntilStopped = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await fetchOnce();
        startDueBatches();
      } catch (error) {
        onError(error as Error);
        await pause(200, stopping.signal);
      }
    }
  };

  const end = Promise.withResolvers<void>();
  end.promise.catch(() => {}); // `finished` may have no listener; drained and stop report the error too.
  let failure: Error | undefined;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      stopping.abort();
      clearTimeout(timer);
      changed();
      await Promise.all(deliveries);
      await fetching;
      await group.leave();
      await reader.close();
      if (failure === undefined) end.resolve();
      else end.reject(failure);
    })();
    stopped.catch(end.reject);
    return stopped;
  };
  const fail = (error: Error): void => {
    failure ??= error;
    stop().catch(() => {}); // `finished` reports the error.
  };
  const fetching = fetchUntilStopped();

  const isDrained = async (endOffsets: ReadonlyMap<number, number | bigint>): Promise<boolean> => {
    const open = [...endOffsets].filter(([number, endOffset]) => {
      const mine = assigned.get(number);
      return mine === undefined || mine.position === null || mine.committed < endOffset;
    });
    if (open.some(([number]) => assigned.has(number))) return false;
    if (open.length === 0) return true;
    const committed = await group.committed(open.map(([number]) => number));
    return open.every(
      ([number, endOffset]) => (committed.get(number) ?? starts.get(number) ?? 0n) >= endOffset,
    );
  };

  const drained = async (endOffsets: ReadonlyMap<number, number | bigint>): Promise<void> => {
    for (;;) {
      if (failure !== undefined) throw failure;
      if (stopping.signal.aborted)
        throw new TriggerError('The event source mapping was stopped before it had drained.');
      const wake = change.promise;
      if (await isDrained(endOffsets)) return;
      // Commits of other members are not announced to this one.
      await Promise.race([wake, pause(100, stopping.signal)]);
    }
  };

  return {
    consumerGroup,
    partitions: () => [...assigned.keys()].toSorted((a, b) => a - b),
    counts: settings.counts,
    finished: end.promise,
    drained,
    drain: async () => drained(await reader.offsetsAt(await reader.partitions(), latest)),
    reread: () => {
      for (const partition of assigned.values()) renew(partition);
      changed();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
