import type { Candidate } from '../candidate.ts';

/**
 * Passes on the records of a batch, and learns when each of them was settled: not before all were read.
 * @param finish is called once, with true where nothing is left to be done about any of them. A batch of which not all are taken never is.
 */
export const settledBatch = async function* (
  candidates: AsyncIterable<Candidate>,
  finish: (isFine: boolean) => void,
): AsyncGenerator<Candidate> {
  let [read, settled] = [0, 0];
  let isFine = true;
  let isRead = false;
  const check = (): void => {
    if (isRead && settled === read) finish(isFine);
  };
  for await (const candidate of candidates) {
    read += 1;
    yield {
      ...candidate,
      settle(fine) {
        settled += 1;
        isFine &&= fine;
        check();
      },
    };
  }
  isRead = true;
  check();
};
