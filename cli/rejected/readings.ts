import { configuredDecoder } from '../../functions/ingest/avro/configured-decoder.ts';
import { unframe } from '../../functions/ingest/avro/framing/wire-format.ts';
import { readJson } from '../../functions/ingest/avro/json/json-value.ts';
import { readValue } from '../../functions/ingest/avro/read-value.ts';
import {
  parseReader,
  readersJson,
  resolveWriter,
} from '../../functions/ingest/avro/resolve-writer.ts';
import { SchemaError } from '../../functions/ingest/avro/schema/schema-reader.ts';
import { parseSchema, type SchemaType } from '../../functions/ingest/avro/schema/schema-type.ts';
import { type ByteRange, lengthOf, rangeOf } from '../../functions/ingest/bytes/byte-range.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import type { FieldValues } from '../../functions/ingest/event/user-event.ts';
import { validate } from '../../functions/ingest/event/validate.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import {
  readWriterSchemas,
  type WriterSchemasFile,
} from '../../functions/ingest/schema-registry/writer-schemas-file.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import { eventPlan } from '../../schema/event-plan.ts';
import bundled from '../../schema/writer-schemas.json' with { type: 'json' };
import { decodeFetching } from '../record/decode-fetching.ts';
import { eventJson } from '../record/event-json.ts';

/** A way to read a value, and the event that it gives. */
export interface Reading {
  /** The words for the wire format and the schema. */
  readonly by: string;
  /** The event's fields as JSON. */
  readonly event: Readonly<Record<string, unknown>>;
  /** The reason why the event is not valid; null where it is. */
  readonly fault: string | null;
}

/** What can be read of a record's value. */
interface Readings {
  /** What the function makes of it with the settings that it has: the event, or a sentence. */
  readonly own: Readonly<Record<string, unknown>> | string;
  /** Every wire format and schema that reads the whole value. */
  readonly readings: readonly Reading[];
}

/**
 * Reads a value by the function's own settings, and then in every wire format, with the event's schema and every bundled writer's schema.
 * A value that no setting reads may so be found to be of another producer, or of another schema than its header names.
 * @param known the bundled schemas.
 */
export const readingsOf = async (
  record: KafkaRecord,
  settings: Settings,
  known: WriterSchemasFile = readWriterSchemas(bundled),
): Promise<Readings> => {
  const plan = eventPlan(settings);
  const layout = new EventLayout(plan);
  const delivery = await decodeFetching(record, configuredDecoder(settings, layout));
  const own =
    typeof delivery === 'string'
      ? `it waits for its schema: ${delivery}`
      : delivery.event === null
        ? `${delivery.rejection?.reason}: ${delivery.rejection?.detail}`
        : eventJson(delivery.event, plan);
  const { value, headers } = record;
  if (value === null) return { own, readings: [] };
  const found = (by: string, values: FieldValues): Reading => ({
    by,
    event: eventJson({ get: (name) => values[name] ?? null }, plan),
    fault: faultOf(validate(plan, values)),
  });
  const readings: Reading[] = [];
  for (const [format, bytes] of payloadsOf(value, headers))
    for (const [name, schema] of schemasOf(layout, known)) {
      const read = readBy(schema, bytes, layout);
      if (read !== null) readings.push(found(`${format}, ${name}`, read));
    }
  const json = readJson(value, readersJson(layout));
  if (json?.kind === 'decoded') readings.push(found('JSON', json.values));
  return { own, readings };
};

const faultOf = (rejection: { reason: string; detail: string } | null): string | null =>
  rejection === null ? null : `${rejection.reason}: ${rejection.detail}`;

/** Lists the bytes that may be Avro: the whole value, and what comes behind a registry's header. */
const payloadsOf = function* (
  value: Buffer,
  headers: KafkaRecord['headers'],
): Generator<[format: string, bytes: ByteRange]> {
  const whole = rangeOf(value);
  yield ['bare', whole];
  for (const format of ['confluent', 'glue'] as const) {
    const framed = unframe(whole, headers, format);
    if (framed?.kind === 'framed')
      yield [
        `${format}, whose header names schema ${framed.schemaId}`,
        { ...framed.value, start: framed.start },
      ];
  }
};

/** Lists the event's own schema and the bundled ones. */
const schemasOf = function* (
  { plan }: EventLayout,
  { byId, bare }: WriterSchemasFile,
): Generator<[name: string, schema: SchemaType]> {
  yield ['schema/user-event.avsc.json', parseReader(plan)];
  const named = [
    ...Object.entries(byId).map(([id, schema]): [string, unknown] => [
      `bundled schema ${id}`,
      schema,
    ]),
    ...bare.map((schema, index): [string, unknown] => [`bundled bare schema ${index + 1}`, schema]),
  ];
  for (const [name, schema] of named)
    yield [name, parseSchema({ text: JSON.stringify(schema), references: [] })];
};

const readBy = (schema: SchemaType, bytes: ByteRange, layout: EventLayout): FieldValues | null => {
  try {
    const read = readValue(bytes, resolveWriter(schema, layout), {
      written: 'UserEvent',
      length: lengthOf(bytes),
    });
    return read.kind === 'decoded' ? read.values : null;
  } catch (error) {
    // A schema that is no event's reads nothing.
    if (error instanceof SchemaError) return null;
    throw error;
  }
};
