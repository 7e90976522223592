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
const closesWithin = 20_000;

/**
 * Ends this process some time after Ctrl-C, when a server that does not answer holds up the closing. The watchdog then ends the servers
 * that were started here.
 */
export const endAtLatest = (signal: AbortSignal): Disposable =>
  afterAbort(signal, closesWithin, () => {
    process.stderr.write('\nA server does not answer, so that not everything could be closed.\n');
    process.exit(130);
  });
