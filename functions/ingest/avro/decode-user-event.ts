import avro from 'avsc';
import schema from '../../../schema/user-event.avsc.json' with { type: 'json' };
import type { Decode } from '../read.ts';
import type { UserEventFields } from '../user-event.ts';
import { strictTypes } from './strict-types.ts';

// Building a type compiles code: once, when the function starts.
const userEvent = avro.Type.forSchema(schema as avro.Schema, { typeHook: strictTypes });

/** Reads a value that is one bare Avro `UserEvent`, no byte less and no byte more. */
export const decodeUserEvent: Decode = (value) => {
  try {
    return userEvent.fromBuffer(value) as UserEventFields;
  } catch (error) {
    // avsc's messages name the fault ("truncated buffer", "trailing data"), not the contents.
    const fault = error instanceof Error ? error.message : 'it cannot be read';
    return {
      reason: 'undecodable',
      detail: `the value (${value.length} bytes) is not one Avro UserEvent: ${fault}`,
    };
  }
};
