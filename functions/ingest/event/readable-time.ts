/**
 * The first and the last millisecond that every driver of Cassandra reads, in milliseconds since the epoch: 0001-01-01 and 9999-12-31.
 * Cassandra stores others, and Python's driver then fails over the whole query that meets one.
 */
export const earliestTime = Date.parse('0001-01-01T00:00:00.000Z');
export const latestTime = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether every driver reads a time, in milliseconds. */
export const isReadable = (time: number): boolean => time >= earliestTime && time <= latestTime;

/** The nearest time that every driver reads, in milliseconds. */
export const toReadable = (time: number): number =>
  Math.min(Math.max(time, earliestTime), latestTime);
