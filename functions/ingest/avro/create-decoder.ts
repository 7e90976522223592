import { valueRange } from '../bytes/arena-record.ts';
import { type ByteRange, lengthOf, toBuffer } from '../bytes/byte-range.ts';
import { encodeEvent } from '../bytes/encode-event.ts';
import type { EventLayout } from '../bytes/event-layout.ts';
import { type Rejection, rejected } from '../event/rejection.ts';
import type { Decoded, FieldValues, UserEvent } from '../event/user-event.ts';
import { validate } from '../event/validate.ts';
import type { DecodeResult, Decoder, SchemaId } from '../pipeline/decoder.ts';
import type { Header, ValidatedBy } from '../pipeline/kafka-record.ts';
import { createFetchSchemas } from '../schema-registry/fetch-schemas.ts';
import { unknownForMs } from '../schema-registry/schema-cache.ts';
import type { SchemaRegistry } from '../schema-registry/schema-registry.ts';
import { bareLayouts } from './bare-layouts.ts';
import { foreignFormat, foreignHeader, looksLike } from './framing/foreign-format.ts';
import { UuidTexts, unframe, type WireFormat } from './framing/wire-format.ts';
import type { ReadJson } from './json/json-types.ts';
import { readJson } from './json/json-value.ts';
import { readValue } from './read-value.ts';
import { type ResolvedSchema, readersJson } from './resolve-writer.ts';
import { EventScanner } from './scan/event-scanner.ts';
import { createWriterSchemas } from './writer-schemas.ts';

/** What the decoder reads values by. */
export interface DecoderOptions {
  readonly wireFormat: WireFormat;
  /** The registry that is asked for schemas; `none` where only those that are bundled are known. */
  readonly registry: 'none' | 'confluent' | 'glue';
  readonly layout: EventLayout;
  /** Schemas of bare values that were written before today's, in Avro's JSON, the newest first. */
  readonly olderBare?: readonly unknown[];
}

/**
 * Reads values in all wire formats, by the schemas that they were written with.
 * @throws {SchemaError} where a bare value could be one of two schemas, or be taken for one with a registry's header.
 */
export const createDecoder = (options: DecoderOptions, schemas: SchemaRegistry): Decoder => {
  const { wireFormat, registry, layout } = options;
  const { plan } = layout;
  const scanner = new EventScanner(layout);
  const uuids = new UuidTexts();
  const writers = createWriterSchemas(schemas, layout);
  let byReaders: ReadJson<FieldValues> | undefined;
  /** Reads JSON by the reader's schema: found when the first such value comes, which most topics never have. */
  const readByReaders: ReadJson<FieldValues> = (...given) => {
    byReaders ??= readersJson(layout);
    return byReaders(...given);
  };
  const bare = bareLayouts(layout, options.olderBare ?? [], wireFormat);
  /** The bare layout that the last value had: most are like the one before. */
  let usual = 0;

  const toEvent = (decoded: Decoded | Rejection): UserEvent | Rejection => {
    if (decoded.kind === 'rejected') return decoded;
    return validate(plan, decoded.values) ?? encodeEvent(layout, decoded.values);
  };

  const scan = ({ program }: ResolvedSchema, value: ByteRange, start: number): UserEvent | null =>
    program === null ? null : scanner.scan(program, value, start);

  /** Reads a value by a schema of its own, from where its Avro bytes begin. */
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

  /** A value that the event source mapping took the header from: as it was, or turned into JSON, which is seen by looking. */
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
      if (framed === null) return decodeBare(value, headers);
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
 * Names in a rejection the known format that a value looks like, instead of where reading it as Avro came to an end.
 * @param headers of a value whose own bytes had no header.
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

/** Names in a rejection for want of a schema the header that has a longer id than was looked for. */
const withHeaderNamed = (rejection: Rejection, value: ByteRange): Rejection => {
  const { reason, detail } = rejection;
  const header = reason === 'unknown_schema' ? foreignHeader(value) : undefined;
  return header === undefined ? rejection : rejected(reason, `${detail}; ${looksLike(header)}`);
};

const toSchemaId = (text: string): SchemaId | null => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null;
};

const notValid = ({ length }: Buffer, what: string): Rejection =>
  rejected(
    'undecodable',
    `the value (${length} bytes), which the event source mapping has validated, is not ${what}`,
  );
