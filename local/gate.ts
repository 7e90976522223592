/** A gate before a call: closed, it holds back further calls. */
export interface Gate<Given, Result> {
  readonly call: (given: Given) => Promise<Result>;
  /** Closes the gate, and waits for the calls that run. */
  readonly close: () => Promise<void>;
  readonly open: () => void;
}

export const createGate = <Given, Result>(
  call: (given: Given) => Promise<Result>,
): Gate<Given, Result> => {
  const running = new Set<Promise<Result>>();
  let closed: PromiseWithResolvers<void> | null = null;
  return {
    async call(given) {
      while (closed !== null) await closed.promise;
      const result = call(given);
      running.add(result);
      try {
        return await result;
      } finally {
        running.delete(result);
      }
    },
    async close() {
      closed ??= Promise.withResolvers();
      await Promise.allSettled(running);
    },
    open() {
      closed?.resolve();
      closed = null;
    },
  };
};
