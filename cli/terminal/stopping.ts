import { setTimeout as delay } from 'node:timers/promises';
import { errors } from 'cassandra-driver';
import { classify } from '../../functions/ingest/cassandra/refusals/classify.ts';
import { TransientError } from '../../functions/ingest/pipeline/errors.ts';

/** Waits for a promise, or throws the signal's reason, whichever comes first. */
export const unless = async <T>(signal: AbortSignal, promise: Promise<T>): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

/** Calls a function once the signal has been aborted for some milliseconds. It does not keep the process alive. */
export const afterAbort = (signal: AbortSignal, ms: number, call: () => void): Disposable => {
  let timer: NodeJS.Timeout | undefined;
  const abort = (): void => {
    timer = setTimeout(call, ms).unref();
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return {
    [Symbol.dispose]() {
      signal.removeEventListener('abort', abort);
      clearTimeout(timer);
    },
  };
};

/** The milliseconds in which everything closes after Ctrl-C, unless a server does not answer. */
const closesWithin = 15_000;

/**
 * Ends this process some time after Ctrl-C, when a server that does not answer holds up the closing. The watchdog then ends the servers
 * that were started here.
 */
export const endAtLatest = (signal: AbortSignal): Disposable =>
  afterAbort(signal, closesWithin, () => {
    process.stderr.write('\nA server does not answer, so that not everything could be closed.\n');
    process.exit(130);
  });

/** The milliseconds between two tries of what a server has not answered. */
const triesEvery = 500;

/**
 * Does something with Cassandra, again and again while it does not answer, unless the signal is aborted.
 * @param call does all of it each time that it is called.
 */
export const untilAnswered = async <T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
  for (;;)
    try {
      return await unless(signal, call());
    } catch (error) {
      if (signal.aborted || !isSilence(error)) throw error;
      await delay(triesEvery, undefined, { signal }).catch(() => {});
    }
};

const isSilence = (error: unknown): boolean =>
  error instanceof errors.NoHostAvailableError ||
  classify(error, 'a statement of this command') instanceof TransientError;
