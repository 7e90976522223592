/** Options of the stores for tests that do not look at them. */
export const storesOptions = {
  mostConcurrent: 8,
  warn: (line: object): void => {
    throw new Error(`an unexpected line of the log: ${JSON.stringify(line)}`);
  },
};
