/**
 * Waits for every promise, also when one rejects: nothing may be in flight when the function is frozen.
 * Then gives all values, or throws the first reason.
 */
export const settleAll = async <T>(promises: readonly Promise<T>[]): Promise<T[]> => {
  try {
    return await Promise.all(promises);
  } catch {
    await Promise.allSettled(promises);
    return Promise.all(promises);
  }
};
