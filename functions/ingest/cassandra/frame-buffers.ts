/** Bytes: of most requests, whose rows are at most 5 KiB by default (row-batches.ts). */
const size = 8 * 1024;

/** As many as there are requests in flight (handler.ts). */
const most = 128;

/**
 * Buffers for requests to come. The driver copies a request into what it writes, so that each would be garbage at once; and V8
 * collects all of its memory when a dozen megabytes of such are waiting, however little else there is.
 */
const free: Buffer[] = [];

/** One that has room for so many bytes, and other bytes in it. */
export const takeBuffer = (length: number): Buffer =>
  length > size ? Buffer.allocUnsafe(length) : (free.pop() ?? Buffer.allocUnsafeSlow(size));

/** Of one that nobody reads any more. */
export const giveBack = (buffer: Buffer): void => {
  if (buffer.length === size && free.length < most) free.push(buffer);
};
