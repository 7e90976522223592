import type { Rejection } from '../rejection.ts';
import { lengthOf, type Span } from '../span.ts';
import type { UserEventFields } from '../user-event.ts';
import { Cursor } from './cursor.ts';
import { Fault } from './fault.ts';
import type { Read } from './field-types.ts';
import { userEventSchema } from './reader-schema.ts';
import { resolveWriter } from './resolve-writer.ts';

/** One for all values: reading one never waits. */
const cursor = new Cursor();

/**
 * Reads a value from a position to its very end, or says why it cannot be. Never throws.
 * @param written names the schema that it was written with, for the message.
 */
export const readValue = (
  value: Span,
  start: number,
  read: Read<UserEventFields>,
  written: string,
): UserEventFields | Rejection => {
  try {
    cursor.open(value, start);
    const fields = read(cursor);
    cursor.close();
    return fields;
  } catch (error) {
    const fault = error instanceof Fault ? error.message : 'it cannot be read';
    return {
      reason: 'undecodable',
      detail: `the value (${lengthOf(value)} bytes) is not one Avro ${written}: ${fault}`,
    };
  }
};

const { read: readBare } = resolveWriter(userEventSchema, userEventSchema);

/** Reads a value that is one bare Avro `UserEvent`, no byte less and no byte more. */
export const decodeUserEvent = (value: Span): UserEventFields | Rejection =>
  readValue(value, value.start, readBare, 'UserEvent');
