/** The buffers of one size that are free. */
interface FreeBuffers {
  /** Bytes of each buffer. */
  readonly size: number;
  readonly free: Buffer[];
}

/**
 * Keeps the buffers of requests for requests to come. The driver copies a request into what it writes, so that each buffer would be
 * garbage at once; and V8 collects all of its memory when a dozen megabytes of buffers wait to be freed.
 */
export class BufferPool {
  readonly #kept: number;
  readonly #pools: readonly FreeBuffers[] = [
    // Most requests: rows of at most 5 KiB by default (row-batches.ts).
    { size: 8 * 1024, free: [] },
    // Many rows of one partition, or of a cluster whose thresholds were raised: far fewer requests for the same rows.
    { size: 64 * 1024, free: [] },
  ];

  /** @param kept the most buffers of a size that are kept: as many as there are requests in flight. */
  constructor(kept: number) {
    this.#kept = kept;
  }

  /** Gives a buffer that has room for so many bytes, and other bytes in it. */
  acquire(length: number): Buffer {
    for (const { size, free } of this.#pools)
      if (length <= size) return free.pop() ?? Buffer.allocUnsafeSlow(size);
    return Buffer.allocUnsafe(length);
  }

  /** Takes back a buffer that nobody reads any more. */
  release(buffer: Buffer): void {
    for (const { size, free } of this.#pools)
      if (buffer.length === size && free.length < this.#kept) free.push(buffer);
  }
}
