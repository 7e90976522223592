import { createInterface } from 'node:readline/promises';
import { isWatched } from './until-enter.ts';

/** Asks a question at the terminal; the answer is no unless it begins with y. It is no too where no terminal watches. */
export const confirm = async (question: string, signal: AbortSignal): Promise<boolean> => {
  if (!isWatched()) return false;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y/i.test(await asking.question(`${question} [y/N] `, { signal }));
  } finally {
    asking.close();
  }
};
