import schema from '../../../schema/user-event.avsc.json' with { type: 'json' };
import { parseSchema, type RecordType } from './avro-schema.ts';

/** What every value is read as: `schema/user-event.avsc.json`, whose aliases and defaults may be added to. */
export const userEventSchema = parseSchema({
  text: JSON.stringify(schema),
  references: [],
}) as RecordType;
