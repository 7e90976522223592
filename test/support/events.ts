import { bareLayouts } from '../../functions/ingest/avro/bare-layouts.ts';
import { createDecoder, type DecoderOptions } from '../../functions/ingest/avro/create-decoder.ts';
import { readValue } from '../../functions/ingest/avro/read-value.ts';
import type { ResolvedSchema } from '../../functions/ingest/avro/resolve-writer.ts';
import { type ByteRange, lengthOf } from '../../functions/ingest/bytes/byte-range.ts';
import { encodeEvent } from '../../functions/ingest/bytes/encode-event.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import type { EventView } from '../../functions/ingest/bytes/event-view.ts';
import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type { Decoded, FieldValues, UserEvent } from '../../functions/ingest/event/user-event.ts';
import { validate } from '../../functions/ingest/event/validate.ts';
import type { Decoder } from '../../functions/ingest/pipeline/decoder.ts';
import { noRegistry } from '../../functions/ingest/schema-registry/create-registry.ts';
import type { SchemaRegistry } from '../../functions/ingest/schema-registry/schema-registry.ts';
import { eventPlan } from '../../schema/event-plan.ts';
import { eventId, userId } from './avro.ts';

/** Makes the layout of events of the published schema, for the table of the given settings. */
export const layoutOf = (options: Partial<Parameters<typeof eventPlan>[0]> = {}): EventLayout =>
  new EventLayout(eventPlan(options));

/** The layout under default settings. */
export const layout = layoutOf();

/** Makes a valid event. A test gives the fields that it is about; others have the schema's default. */
export const eventOf = (given: FieldValues = {}, as: EventLayout = layout): EventView =>
  encodeEvent(as, {
    ...Object.fromEntries(as.plan.fields.map(({ name, fallback = null }) => [name, fallback])),
    user_id: userId,
    event_type: 'click',
    event_time: 1_700_000_000_000,
    event_id: eventId,
    metadata: new Map(),
    ...given,
  });

/** Makes a decoder of bare values that asks no registry, unless the options say otherwise. */
export const decoderWith = (
  options: Partial<DecoderOptions> = {},
  registry: SchemaRegistry = noRegistry,
): Decoder => createDecoder({ wireFormat: 'bare', registry: 'none', layout, ...options }, registry);

/** Turns an event into an object of its fields' values. A rejection stays as it is. */
export const asFields = (read: UserEvent | Rejection): FieldValues | Rejection =>
  read.kind === 'rejected' ? read : read.toObject();

const [published] = bareLayouts(layout, [], 'bare') as [ResolvedSchema];

/**
 * Decodes a bare value by the general decoder, without the scan before it.
 * @param writer the resolved writer's schema; the published one unless given.
 */
export const decodeUnscanned = (
  value: ByteRange,
  writer: ResolvedSchema = published,
): Decoded | Rejection =>
  readValue(value, writer, { written: 'UserEvent', length: lengthOf(value) });

/** Validates decoded values and makes an event of them, in the layout of the published schema unless another is given. */
export const toEvent = (
  decoded: Decoded | Rejection,
  as: EventLayout = layout,
): EventView | Rejection => {
  if (decoded.kind === 'rejected') return decoded;
  const { values } = decoded;
  return validate(as.plan, values) ?? encodeEvent(as, values);
};
