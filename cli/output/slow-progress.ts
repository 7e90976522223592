import type { Output } from './output.ts';

/** The milliseconds after which work is slow, and between two words about it. */
const [slowAfter, every] = [2_000, 250];

/**
 * Makes a function that shows how far work is, once it has taken two seconds.
 * @param text makes the words of what the function is given; it is not called more often than they are shown.
 */
export const slowProgress = <T>(
  { progress }: Pick<Output, 'progress'>,
  text: (now: T) => string,
): ((now: T) => void) => {
  let next = performance.now() + slowAfter;
  return (now) => {
    if (performance.now() < next) return;
    next = performance.now() + every;
    progress(text(now));
  };
};
