import { inflateSync } from 'node:zlib';
import { type Rejection, rejected } from '../../event/rejection.ts';

/** Bytes; Cassandra takes no larger mutation unless told to, and Keyspaces a sixteenth. */
const largest = 16 * 1024 * 1024;

/** zlib can grow a value a thousandfold: a batch of such would not fit the function's memory. Text grows tenfold. */
const highestRatio = 64;
const alwaysAllowed = 16 * 1024;

/** Inflates what zlib has compressed, or rejects the value. */
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
