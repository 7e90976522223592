import { type Span, toBuffer } from '../bytes/byte-range.ts';
import type { Rejection } from '../event/rejection.ts';
import type { Decoded } from '../event/user-event.ts';
import { Fault } from './decode-failure.ts';
import type { Writer } from './resolve-writer.ts';
import { StrictTap } from './schema/strict-tap.ts';

/**
 * Reads a value by its writer's schema to its very end, or says why it cannot be. Never throws.
 * @param written names the schema that it was written with, for the message.
 * @param length bytes of the value with its header, for the message.
 */
export const readValue = (
  value: Span,
  { read }: Writer,
  { written, length }: { readonly written: string; readonly length: number },
): Decoded | Rejection => {
  try {
    const bytes = toBuffer(value);
    const tap = new StrictTap(bytes);
    const values = read(tap);
    if (tap.pos < bytes.length) throw new Fault('trailing data');
    return { values };
  } catch (error) {
    // Any other error comes of a value too: one that is nested so deep that it exhausts the stack.
    const fault = error instanceof Fault ? error.message : 'it cannot be read';
    return {
      reason: 'undecodable',
      detail: `the value (${length} bytes) is not one Avro ${written}: ${fault}`,
    };
  }
};
