/** How long to wait before a retry: `first` doubling up to `max`, of which a random half is taken away. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** @param retry 1 for the first one. @param random from 0 up to 1. */
export const backoffMs = ({ firstMs, maxMs }: Backoff, retry: number, random: number): number =>
  Math.min(maxMs, firstMs * 2 ** (retry - 1)) * (1 - random / 2);
