const day = 86_400_000;

/**
 * Chooses the time of a run's first event: half of the events' span before a UTC midnight, the latest midnight with the other
 * half in the past. All times are in milliseconds.
 */
export const startTimeOf = (now: number, span: number): number =>
  Math.floor((now - span / 2) / day) * day - Math.floor(span / 2);
