import { setTimeout as delay } from 'node:timers/promises';
import type { TopicReader } from 'local-kafka-trigger/kafka/topic-reader.ts';

/** The pauses before further tries of a fetch that failed, in milliseconds. */
const pauses = [0, 200, 1_000, 3_000, 10_000];

/**
 * Fetches records, with further tries: a broker may be busy, or be restarted. The fetch after one that was out of range always fails once, for
 * the client has lost count of its session with the broker.
 * @throws what the last try throws.
 */
export const fetchPersistently = async (
  reader: Pick<TopicReader, 'fetch'>,
  positions: ReadonlyMap<number, bigint>,
  signal?: AbortSignal,
): ReturnType<TopicReader['fetch']> => {
  for (const pause of pauses) {
    signal?.throwIfAborted();
    try {
      return await reader.fetch(positions);
    } catch {
      await delay(pause, undefined, { ...(signal && { signal }) });
    }
  }
  return await reader.fetch(positions);
};
