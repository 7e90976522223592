import avro from 'avsc';
import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type { FieldValues } from '../../functions/ingest/event/user-event.ts';
import { type Decoder, decode } from '../../functions/ingest/pipeline/decoder.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import {
  bundledSchemas,
  noRegistry,
} from '../../functions/ingest/schema-registry/create-registry.ts';
import type { SchemaRegistry } from '../../functions/ingest/schema-registry/schema-registry.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import published from '../../schema/user-event.avsc.json' with { type: 'json' };
import { asFields, decoderWith } from './events.ts';
import { record } from './records.ts';

type Field = { readonly name: string; readonly type: unknown; readonly default?: unknown };

/** Makes a variant of the published schema: a test replaces, adds or removes (null) fields. */
export const writerSchema = (fields: Readonly<Record<string, unknown | null>> = {}): object => {
  const known: readonly Field[] = published.fields;
  const kept = known.flatMap((field) => {
    if (!(field.name in fields)) return [field];
    return fields[field.name] === null ? [] : [{ name: field.name, type: fields[field.name] }];
  });
  const added = Object.entries(fields)
    .filter(([name]) => known.every((field) => field.name !== name))
    .map(([name, type]) => ({ name, type }));
  return { ...published, fields: [...kept, ...added] };
};

/** Encodes a value in any schema, by avsc's plain type. */
export const encodeBy = (schema: object, value: unknown): Buffer =>
  avro.Type.forSchema(schema as avro.Schema, { wrapUnions: false }).toBuffer(value);

/** Puts Confluent's header before bytes. */
export const confluent = (id: number, bytes: Buffer): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, bytes]);
};

/** Makes a decoder that knows these schemas by their ids, and asks only `registry`. */
export const decoderOf = (
  schemas: Readonly<Record<string, unknown>>,
  config: Partial<Pick<Settings, 'wireFormat' | 'registry'>> = {},
  registry: SchemaRegistry = noRegistry,
): Decoder =>
  decoderWith(
    { wireFormat: 'auto', registry: 'none', ...config },
    bundledSchemas(schemas, registry),
  );

/** Decodes a record, after fetching all that it awaits. */
export const readBy = async (
  decoder: Decoder,
  given: Partial<KafkaRecord>,
): Promise<FieldValues | Rejection> => {
  const one = record(given);
  const result = decode(one, decoder);
  if (result.kind !== 'missing-schema') return asFields(result);
  await decoder.fetchSchema(result.id);
  const again = decode(one, decoder);
  if (again.kind === 'missing-schema')
    throw new Error(`schema ${again.id} is awaited after it was fetched`);
  return asFields(again);
};
