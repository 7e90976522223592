import { setTimeout as delay } from 'node:timers/promises';
import { Admin } from '@platformatic/kafka';
import type { GeneratedRecord } from '../../local/dataset/generated-record.ts';
import { produce } from '../../local/dataset/producer.ts';

export interface LoadOptions {
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly records: Iterable<GeneratedRecord>;
  readonly rate: number;
  readonly onProduced: (records: readonly GeneratedRecord[]) => void;
  /** Called each time that the broker does not accept a send. */
  readonly onError: (error: Error) => void;
  readonly signal: AbortSignal;
}

/**
 * Produces until aborted, also through restarts of the broker. After a send without an answer it asks the broker for the stored
 * records, so that every record is on the topic once and in order.
 */
export const produceThroughFaults = async (options: LoadOptions): Promise<void> => {
  const { records, onProduced, onError, signal } = options;
  const source = records[Symbol.iterator]();
  /** The records that were taken from the source and are not known to be stored. */
  const pending: GeneratedRecord[] = [];
  const settled = (stored: readonly GeneratedRecord[]): void => {
    pending.splice(0, stored.length);
    onProduced(stored);
  };
  const upcoming = function* (): Generator<GeneratedRecord> {
    yield* [...pending];
    for (let next = source.next(); next.done !== true; next = source.next()) {
      pending.push(next.value);
      yield next.value;
    }
  };
  while (!signal.aborted) {
    try {
      await produce({ ...options, records: upcoming(), onProduced: settled });
    } catch (error) {
      onError(error as Error);
      const ends = await endOffsets(options);
      const isStored = ({ partition, offset }: GeneratedRecord): boolean =>
        offset < (ends.get(partition) ?? 0);
      const stored = pending.filter(isStored);
      const left = pending.filter((record) => !isStored(record));
      pending.splice(0, pending.length, ...stored, ...left);
      settled(stored);
    }
  }
};

const endOffsets = async ({
  bootstrapServers,
  topic,
  partitions,
}: LoadOptions): Promise<Map<number, number>> => {
  for (;;) {
    const admin = new Admin({
      clientId: 'chaos',
      bootstrapBrokers: [...bootstrapServers],
      retries: 0,
      connectTimeout: 1000,
      timeout: 5000,
    });
    try {
      const [found] = await admin.listOffsets({
        topics: [
          {
            name: topic,
            partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
              partitionIndex,
              timestamp: -1n,
            })),
          },
        ],
      });
      return new Map(
        found?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]),
      );
    } catch {
      await delay(100); // The broker may be back after the pause.
    } finally {
      await admin.close();
    }
  }
};
