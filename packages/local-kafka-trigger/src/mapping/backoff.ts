/** The waiting time before a retry: `firstMs` doubling up to `maxMs`, minus a random part of up to one half. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Computes the waiting time before a retry.
 * @param retry 1 for the first one.
 * @param random from 0 up to 1.
 */
export const backoffMs = ({ firstMs, maxMs }: Backoff, retry: number, random: number): number =>
  Math.min(maxMs, firstMs * 2 ** (retry - 1)) * (1 - random / 2);
