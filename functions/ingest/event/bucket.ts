const day = 86_400_000;
const hour = 3_600_000;

/** Computes the UTC day of a time in milliseconds, as days since the epoch; negative before it. */
export const bucketDate = (time: number): number => Math.floor(time / day);

/** Computes the UTC hour of a time in milliseconds, 0 to 23. */
export const bucketHour = (time: number): number =>
  Math.floor((time - bucketDate(time) * day) / hour);
