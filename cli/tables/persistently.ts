import { setTimeout as delay } from 'node:timers/promises';
import { classify } from '../../functions/ingest/cassandra/refusals/classify.ts';
import { TransientError } from '../../functions/ingest/pipeline/errors.ts';

/** The milliseconds before each further try of a request that was not answered. */
const pauses = [100, 500, 2_000, 5_000];

/**
 * Sends a request whose repetition changes nothing, and again a few times where the database does not answer it.
 * @param what the request, for messages; names no contents.
 * @param signal ends the tries.
 * @throws {IngestError} where it is still not answered, or refused.
 */
export const persistently = async <T>(
  what: string,
  request: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  for (let tries = 0; ; tries += 1)
    try {
      signal?.throwIfAborted();
      return await request();
    } catch (error) {
      signal?.throwIfAborted();
      const fault = classify(error, what);
      const pause = pauses[tries];
      if (!(fault instanceof TransientError) || pause === undefined) throw fault;
      await delay(pause, undefined, { signal });
    }
};
