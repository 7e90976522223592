/** As many as there are requests in flight (handler.ts): with fewer kept, each of the others would be garbage of its pool's size. */
const most = 128;

interface Pool {
  /** Bytes of each of its buffers. */
  readonly size: number;
  readonly free: Buffer[];
}

/**
 * Buffers for requests to come. The driver copies a request into what it writes, so that each would be garbage at once; and V8
 * collects all of its memory when a dozen megabytes of such are waiting, however little else there is.
 */
const pools: readonly Pool[] = [
  // Most requests: rows of at most 5 KiB by default (row-batches.ts).
  { size: 8 * 1024, free: [] },
  // Many rows of one partition, or of a cluster whose thresholds were raised: far fewer requests for the same rows.
  { size: 64 * 1024, free: [] },
];

/** One that has room for so many bytes, and other bytes in it. */
export const takeBuffer = (length: number): Buffer => {
  for (const { size, free } of pools)
    if (length <= size) return free.pop() ?? Buffer.allocUnsafeSlow(size);
  return Buffer.allocUnsafe(length);
};

/** Of one that nobody reads any more. */
export const giveBack = (buffer: Buffer): void => {
  for (const { size, free } of pools)
    if (buffer.length === size && free.length < most) free.push(buffer);
};
