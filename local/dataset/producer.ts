import { setTimeout as delay } from 'node:timers/promises';
import { type MessageToProduce, ProduceAcks, Producer } from '@platformatic/kafka';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import type { GeneratedRecord } from './generated-record.ts';

export interface ProduceOptions {
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  readonly records: Iterable<GeneratedRecord>;
  /** The records a second; by default as many as possible. */
  readonly rate?: number | undefined;
  /** True where others may append to the topic too: a record then has the offset that the broker gives it. Default false. */
  readonly isShared?: boolean;
  /** Called with the records that the broker has just acknowledged, with their offsets. */
  readonly onProduced?: (records: readonly GeneratedRecord[]) => void;
  /** Stops the sending of further records when it is aborted. */
  readonly signal?: AbortSignal;
}

const largestBatch = 2_000;
/** The milliseconds between two sends at a fixed rate. */
const tick = 50;

/**
 * Produces records in order, each to its partition, acknowledged by all replicas.
 * @throws {UserFacingError} where the broker does not take them. Also where the broker gives another offset than the record
 * expects, unless the topic is shared: then the topic is not fresh.
 */
export const produce = async (options: ProduceOptions): Promise<void> => {
  const { bootstrapServers, topic, rate, onProduced = () => {}, signal } = options;
  const producer = new Producer({
    clientId: 'local',
    bootstrapBrokers: [...bootstrapServers],
    connectTimeout: 3000,
    // A client that retries a send by itself could store its records twice. The client also repeats a whole batch of which one
    // partition had no leader, and stores the other partitions' records again.
    retries: 0,
    repeatOnStaleMetadata: false,
  });
  try {
    const began = Date.now();
    let sent = 0;
    for (const batch of batches(
      options.records,
      rate === undefined ? largestBatch : perTick(rate),
    )) {
      if (signal?.aborted) return;
      const dueAt = rate === undefined ? 0 : began + (sent / rate) * 1000;
      const early = dueAt - Date.now();
      if (early > 0) await delay(early, undefined, signal && { signal }).catch(() => {});
      if (signal?.aborted) return;
      // The sends follow each other: a later batch must not overtake an earlier one in a partition.
      const { offsets } = await producer
        .send({
          messages: batch.map((record) => toMessage(topic, record)),
          acks: ProduceAcks.ALL,
        })
        .catch((error: Error) => {
          throw new UserFacingError(
            `Kafka at ${bootstrapServers.join(', ')} (KAFKA_BOOTSTRAP_SERVERS) did not take ${batch.length} records of ` +
              `topic ${topic}: ${error.message}`,
            { cause: error },
          );
        });
      const placed = withOffsets(topic, batch, offsets ?? []);
      if (!options.isShared) assertOffsets(topic, batch, placed);
      sent += batch.length;
      onProduced(placed);
    }
  } finally {
    await producer.close();
  }
};

const perTick = (rate: number): number =>
  Math.max(1, Math.min(largestBatch, Math.round((rate * tick) / 1000)));

const batches = function* <T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
};

/** Converts a record to a message of the client. Its headers are a Map by Buffer, which can hold a name twice. */
const toMessage = (
  topic: string,
  { partition, timestamp, key, value, headers }: GeneratedRecord,
): MessageToProduce<Buffer, Buffer, Buffer, Buffer> =>
  ({
    topic,
    partition,
    timestamp: BigInt(timestamp),
    ...(key === null ? {} : { key }),
    ...(value === null ? {} : { value }),
    headers: new Map(headers.map(([name, bytes]) => [Buffer.from(name), bytes])),
  }) as MessageToProduce<Buffer, Buffer, Buffer, Buffer>;

/** Gives the records the offsets at which the broker has stored them: a partition's records of one request follow each other. */
const withOffsets = (
  topic: string,
  batch: readonly GeneratedRecord[],
  offsets: readonly { readonly partition: number; readonly offset: bigint }[],
): GeneratedRecord[] => {
  const next = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  return batch.map((record) => {
    const offset = next.get(record.partition);
    // The client sends a record for a missing partition to another one.
    if (offset === undefined)
      throw new UserFacingError(
        `Topic ${topic} has no partition ${record.partition}, which records are for.`,
      );
    next.set(record.partition, offset + 1);
    return { ...record, offset };
  });
};

const assertOffsets = (
  topic: string,
  batch: readonly GeneratedRecord[],
  placed: readonly GeneratedRecord[],
): void => {
  for (const [index, { partition, offset }] of batch.entries()) {
    const found = placed[index]?.offset;
    if (found !== offset)
      throw new UserFacingError(
        `Topic ${topic} gave partition ${partition} offset ${found} where ${offset} was due: somebody else writes ` +
          'to it, or it is not new.',
      );
  }
};
