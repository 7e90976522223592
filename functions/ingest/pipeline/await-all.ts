/**
 * Waits for every promise, also when one rejects: nothing may be in flight when the function is frozen.
 * @returns all values.
 * @throws the first reason, once all have settled.
 */
export const awaitAll = async <T>(promises: readonly Promise<T>[]): Promise<T[]> => {
  try {
    return await Promise.all(promises);
  } catch {
    await Promise.allSettled(promises);
    return Promise.all(promises);
  }
};
