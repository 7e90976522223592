/**
 * Does work that cannot be broken off, such as starting a server: meanwhile a stop ends this program. The watchdog then ends its servers
 * and removes its folders.
 */
export const quitWhile = async <T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  const quit = (): void => {
    process.stderr.write(`\n${(signal?.reason as Error | undefined)?.message}\n`);
    process.exit(130);
  };
  signal?.throwIfAborted();
  signal?.addEventListener('abort', quit);
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', quit);
  }
};
