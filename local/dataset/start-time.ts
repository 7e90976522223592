const day = 86_400_000;

/**
 * When the events of a run begin: half of their span before a UTC midnight, the last one after which the other half is
 * over too. All in milliseconds.
 */
export const startTimeOf = (now: number, span: number): number =>
  Math.floor((now - span / 2) / day) * day - Math.floor(span / 2);
