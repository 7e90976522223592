/** Writes a number with its thousands apart. */
export const number = (value: number): string => value.toLocaleString('en');

/** Writes a length of time in its two largest units, and drops the rest, as the command line does. */
export const duration = (ms: number): string => {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const sign = ms < 0 ? '−' : '';
  if (seconds < 60) return `${sign}${seconds} s`;
  if (seconds < 3_600) return `${sign}${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400)
    return `${sign}${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
  return `${sign}${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`;
};

/** Writes a time in UTC, without its zero milliseconds. */
export const utc = (time: string | number): string =>
  new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.000Z$/, 'Z');
