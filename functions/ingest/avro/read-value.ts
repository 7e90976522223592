import { type ByteRange, toBuffer } from '../bytes/byte-range.ts';
import { type Rejection, rejected } from '../event/rejection.ts';
import type { Decoded } from '../event/user-event.ts';
import { DecodeFailure } from './decode-failure.ts';
import type { ResolvedSchema } from './resolve-writer.ts';
import { StrictTap } from './schema/strict-tap.ts';

/**
 * Reads a value by its writer's schema to its very end, or says why it cannot be. Never throws.
 * @param written names the schema that it was written with, for the message.
 * @param length bytes of the value with its header, for the message.
 */
export const readValue = (
  value: ByteRange,
  { read }: ResolvedSchema,
  { written, length }: { readonly written: string; readonly length: number },
): Decoded | Rejection => {
  try {
    const bytes = toBuffer(value);
    const tap = new StrictTap(bytes);
    const values = read(tap);
    if (tap.pos < bytes.length) throw new DecodeFailure('trailing data');
    return { kind: 'decoded', values };
  } catch (error) {
    // Any other error comes of a value too: one that is nested so deep that it exhausts the stack.
    const fault = error instanceof DecodeFailure ? error.message : 'it cannot be read';
    return rejected(
      'undecodable',
      `the value (${length} bytes) is not one Avro ${written}: ${fault}`,
    );
  }
};
