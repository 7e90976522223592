import { valueRange } from '../bytes/arena-record.ts';
import { type ByteRange, lengthOf, toBuffer } from '../bytes/byte-range.ts';
import { encodeEvent } from '../bytes/encode-event.ts';
import type { EventLayout } from '../bytes/event-layout.ts';
import { type Rejection, rejected } from '../event/rejection.ts';
import type { Decoded, FieldValues, UserEvent } from '../event/user-event.ts';
import { isUuid } from '../event/uuid-text.ts';
import { validate } from '../event/validate.ts';
import type { DecodeResult, Decoder, SchemaId } from '../pipeline/decoder.ts';
import type { Header, ValidatedBy } from '../pipeline/kafka-record.ts';
import { createFetchSchemas } from '../schema-registry/fetch-schemas.ts';
import { unknownForMs } from '../schema-registry/schema-cache.ts';
import type { SchemaRegistry } from '../schema-registry/schema-registry.ts';
import { bareLayouts } from './bare-layouts.ts';
import { foreignFormat, foreignHeader, looksLike } from './framing/foreign-format.ts';
import { isJson, UuidTexts, unframe, type WireFormat } from './framing/wire-format.ts';
import type { ReadJson } from './json/json-types.ts';
import { readJson } from './json/json-value.ts';
import { JsonReader } from './plain-json/json-reader.ts';
import { readValue } from './read-value.ts';
import { type ResolvedSchema, readersJson } from './resolve-writer.ts';
import { EventScanner } from './scan/event-scanner.ts';
import { createWriterSchemas } from './writer-schemas.ts';

/** The settings and the layout that a decoder uses. */
export interface DecoderOptions {
  readonly wireFormat: WireFormat;
  /** The registry of the schemas; `none` where only the bundled schemas are known. */
  readonly registry: 'none' | 'confluent' | 'glue';
  readonly layout: EventLayout;
  /** The schemas of bare values that were written before today's, in Avro's JSON, the newest first. */
  readonly olderBare?: readonly unknown[];
}

/**
 * Makes a decoder of all wire formats, which reads each value with its writer's schema.
 * @throws {SchemaError} where a bare value could belong to two schemas, or be taken for one with a registry's header.
 */
export const createDecoder = (options: DecoderOptions, schemas: SchemaRegistry): Decoder => {
  const { wireFormat, registry, layout } = options;
  const { plan } = layout;
  const scanner = new EventScanner(layout);
  const uuids = new UuidTexts();
  const writers = createWriterSchemas(schemas, layout);
  let byReaders: ReadJson<FieldValues> | undefined;
  /** Reads JSON with the reader's schema. It is made for the first such value, because most topics have none. */
  const readByReaders: ReadJson<FieldValues> = (...given) => {
    byReaders ??= readersJson(layout);
    return byReaders(...given);
  };
  const bare = bareLayouts(layout, options.olderBare ?? [], wireFormat);
  const plainJson = new JsonReader(layout);
  /** The index of the last value's bare layout: most values have the same layout as the one before. */
  let usual = 0;

  const toEvent = (decoded: Decoded | Rejection): UserEvent | Rejection => {
    if (decoded.kind === 'rejected') return decoded;
    return validate(plan, decoded.values) ?? encodeEvent(layout, decoded.values);
  };

  const scan = ({ program }: ResolvedSchema, value: ByteRange, start: number): UserEvent | null =>
    program === null ? null : scanner.scan(program, value, start);

  /** Reads a value with its own schema; its Avro bytes begin at `start`. */
  const readBy = (writer: ResolvedSchema, id: SchemaId, value: ByteRange, start: number) => {
    const scanned = scan(writer, value, start);
    if (scanned !== null) return scanned;
    const read = readValue({ bytes: value.bytes, start, end: value.end }, writer, {
      written: `UserEvent of schema ${id}`,
      length: lengthOf(value),
    });
    return toEvent(named(read, value, start));
  };

  const decodeBare = (value: ByteRange, headers: readonly Header[]): UserEvent | Rejection => {
    for (let tried = 0; tried < bare.length; tried += 1) {
      const index = (usual + tried) % bare.length;
      const event = scan(bare[index] as ResolvedSchema, value, value.start);
      if (event === null) continue;
      usual = index;
      return event;
    }
    let first: Rejection | undefined;
    for (const writer of bare) {
      const read = readValue(value, writer, { written: 'UserEvent', length: lengthOf(value) });
      if (read.kind === 'decoded') return toEvent(read);
      first ??= read;
    }
    return named(first as Rejection, value, value.start, headers) as Rejection;
  };

  /**
   * Decodes a value whose header the event source mapping has removed. Its bytes are unchanged, or turned into JSON; their look
   * tells which.
   */
  const decodeValidated = (
    value: ByteRange,
    { dataFormat, schemaId }: ValidatedBy,
  ): DecodeResult => {
    const bytes = toBuffer(value);
    if (dataFormat !== 'AVRO')
      return toEvent(
        readJson(bytes, readByReaders) ?? notValid(bytes, 'JSON, and its schema not Avro'),
      );
    const id = toSchemaId(schemaId);
    if (id === null) return notValid(bytes, 'of a schema id of digits or a uuid');
    const writer = writers.get(id);
    if (writer === undefined) return { kind: 'missing-schema', id };
    if (writer.kind === 'rejected') {
      const read =
        writer.reason === 'unknown_schema' && registry === 'none'
          ? readJson(bytes, readByReaders)
          : undefined;
      return toEvent(read ?? writer);
    }
    const read = readJson(bytes, writer.json);
    return read === undefined ? readBy(writer, id, value, value.start) : toEvent(read);
  };

  return {
    decode(record) {
      const value = valueRange(record);
      if (value === null) return rejected('tombstone', 'the record has no value');
      const { headers, validatedBy } = record;
      if (validatedBy !== undefined) return decodeValidated(value, validatedBy);
      const framed = unframe(value, headers, wireFormat, uuids);
      if (framed === null)
        return isJson(value, wireFormat) ? plainJson.read(value) : decodeBare(value, headers);
      if (framed.kind === 'rejected') return framed;
      const { schemaId, start } = framed;
      const writer = writers.get(schemaId);
      if (writer === undefined) return { kind: 'missing-schema', id: schemaId };
      if (writer.kind === 'rejected') return withHeaderNamed(writer, value);
      return readBy(writer, schemaId, framed.value, start);
    },
    async fetchSchema(id) {
      const missing = await writers.ask(id);
      if (missing !== null) writers.reject(id, missing, unknownForMs);
    },
    fetchSchemas: createFetchSchemas(schemas, writers),
  };
};

/**
 * Names the known format that a value looks like in its rejection, in place of the Avro error.
 * @param headers the record's headers, for a value whose own bytes had no header.
 */
const named = (
  read: Decoded | Rejection,
  value: ByteRange,
  start: number,
  headers?: readonly Header[],
): Decoded | Rejection => {
  if (read.kind === 'decoded') return read;
  const format = foreignFormat({ bytes: value.bytes, start, end: value.end }, headers);
  if (format === undefined) return read;
  const behind = start === value.start ? '' : ' behind its header';
  return rejected(
    'undecodable',
    `the value (${lengthOf(value)} bytes)${behind} is no Avro UserEvent, ${looksLike(format)}`,
  );
};

/** Adds the name of a header with a longer schema id to a rejection for an unknown schema. */
const withHeaderNamed = (rejection: Rejection, value: ByteRange): Rejection => {
  const { reason, detail } = rejection;
  const header = reason === 'unknown_schema' ? foreignHeader(value) : undefined;
  return header === undefined ? rejection : rejected(reason, `${detail}; ${looksLike(header)}`);
};

const toSchemaId = (text: string): SchemaId | null => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  return isUuid(text) ? text.toLowerCase() : null;
};

const notValid = ({ length }: Buffer, what: string): Rejection =>
  rejected(
    'undecodable',
    `the value (${length} bytes), which the event source mapping has validated, is not ${what}`,
  );
