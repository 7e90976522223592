/** Tells whether a person watches: both the input and the output of this process are a terminal. */
export const isWatched = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** Waits until a line comes in on standard input, or the signal is aborted. An input that has ended brings none. */
export const untilEnter = async (signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => resolve();
  // A promise alone does not keep the process alive.
  const alive = setInterval(() => {}, 60_000);
  process.stdin.once('data', done).resume();
  signal.addEventListener('abort', done);
  if (signal.aborted) resolve();
  await promise;
  signal.removeEventListener('abort', done);
  process.stdin.off('data', done).pause();
  clearInterval(alive);
};
