import { inflateSync } from 'node:zlib';
import { type Rejection, rejected } from '../../event/rejection.ts';

/** The largest inflated value, in bytes. By default Cassandra takes no larger mutation, and Keyspaces one of a sixteenth. */
const largest = 16 * 1024 * 1024;

/**
 * The highest ratio of inflated to compressed bytes. zlib can grow a value a thousandfold, and a batch of such values would not
 * fit the function's memory. Text grows tenfold.
 */
const highestRatio = 64;
const alwaysAllowed = 16 * 1024;

/** Inflates a zlib-compressed value, or rejects it. */
export const inflate = (compressed: Buffer): Buffer | Rejection => {
  const most = Math.min(largest, Math.max(alwaysAllowed, compressed.length * highestRatio));
  try {
    const { buffer, engine } = inflateSync(compressed, {
      maxOutputLength: most,
      info: true,
    }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return engine.bytesWritten === compressed.length ? buffer : undecodable('bytes follow its end');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return undecodable(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `it grows beyond ${most} bytes`
        : `${code ?? 'it is broken'}`,
    );
  }
};

const undecodable = (why: string): Rejection =>
  rejected('undecodable', `the zlib-compressed value cannot be inflated: ${why}`);
