/**
 * The first and the last millisecond that every driver of Cassandra can read, since the epoch: 0001-01-01 and 9999-12-31.
 * Cassandra stores times beyond them, but Python's driver then fails over the whole result of a query.
 */
export const earliestTime = Date.parse('0001-01-01T00:00:00.000Z');
export const latestTime = Date.parse('9999-12-31T23:59:59.999Z');

/** Tells whether every driver can read a time, in milliseconds. */
export const isReadable = (time: number): boolean => time >= earliestTime && time <= latestTime;

/** Finds the nearest time that every driver can read, in milliseconds. */
export const toReadable = (time: number): number =>
  Math.min(Math.max(time, earliestTime), latestTime);
