import { type ByteRange, lengthOf, rangeOf } from '../../bytes/byte-range.ts';
import { type Rejection, rejected } from '../../event/rejection.ts';
import { uuidText } from '../../event/uuid-text.ts';
import type { SchemaId } from '../../pipeline/decoder.ts';
import type { Header } from '../../pipeline/kafka-record.ts';
import { foreignFormat, looksLike } from './foreign-format.ts';
import { inflate } from './inflate.ts';

/** The format of the values' beginnings: `auto` decides by the first byte; the other formats apply to the whole topic. */
export type WireFormat = 'auto' | 'bare' | 'confluent' | 'glue' | 'json';

/** The first byte of plain JSON: an opening brace. */
const jsonByte = 0x7b;

/**
 * Tells whether a value without a registry's header is read as plain JSON of the event. With `auto` no bare value begins so
 * (`bare-layouts.ts`).
 */
export const isJson = (value: ByteRange, format: WireFormat): boolean =>
  (format === 'auto' || format === 'json') && firstByte(value) === jsonByte;

const firstByte = ({ bytes, start, end }: ByteRange): number | undefined =>
  start < end ? bytes[start] : undefined;

/** A value with a registry's header: its schema's id, and the start of its Avro bytes. */
export interface Framed {
  readonly kind: 'framed';
  readonly format: 'confluent' | 'glue';
  readonly schemaId: SchemaId;
  readonly value: ByteRange;
  readonly start: number;
}

/**
 * Confluent's prefix: 0 and an id of four bytes, or 1 and a uuid of sixteen.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
const confluentId = 0x00;
const confluentGuid = 0x01;
const idLength = 1 + 4;
const guidLength = 1 + 16;

/** The record header in which newer Confluent serializers put the prefix. */
const schemaIdHeader = '__value_schema_id';

/**
 * Glue's prefix: 3, the compression, and the uuid of the schema version.
 * https://github.com/awslabs/aws-glue-schema-registry (AWSSchemaRegistryConstants)
 */
const glueVersion = 0x03;
const uncompressed = 0x00;
const zlib = 0x05;
const glueLength = 1 + 1 + 16;

/**
 * Reads a value's registry header; returns null for a value without one: a bare value, or plain JSON. With `auto`, the record's headers
 * are inspected first, then the first byte: 0, 1 and 3 begin a registry's header. A bare value cannot begin with them
 * (`bare-layouts.ts` checks it): the published schema's begins with the length of a uuid's text, 0x48.
 * @param uuids the uuids that occurred before.
 */
export const unframe = (
  value: ByteRange,
  headers: readonly Header[],
  format: WireFormat,
  uuids: UuidTexts = new UuidTexts(),
): Framed | Rejection | null => {
  if (format === 'bare') return null;
  const first = firstByte(value);
  if (format === 'json') {
    if (first === jsonByte) return null;
    return foreign(value, headers, 'does not begin with {, as JSON of an event does');
  }
  if (format !== 'glue') {
    const header = schemaIdOf(headers);
    if (header !== undefined) return fromHeader(header, value, uuids);
    if (first === confluentId) return fromId(value);
    if (first === confluentGuid) return fromGuid(value, uuids);
  }
  if (format !== 'confluent' && first === glueVersion) return fromGlue(value, uuids);
  if (format === 'auto') return null;
  return foreign(value, headers, `has no header of a ${format} registry`);
};

/** Rejects a value of another format than the configured one, with its name where it is known. */
const foreign = (value: ByteRange, headers: readonly Header[], fault: string): Rejection => {
  const format = foreignFormat(value, headers);
  return undecodable(
    `the value (${lengthOf(value)} bytes) ${fault}` +
      (format === undefined ? '' : `; ${looksLike(format)}`),
  );
};

/** Finds the schema id's record header. The last header of a name counts, as in Kafka's own `lastHeader`. */
const schemaIdOf = (headers: readonly Header[]): Buffer | null | undefined =>
  headers.length === 0 ? undefined : headers.findLast(({ name }) => name === schemaIdHeader)?.value;

const fromHeader = (
  header: Buffer | null,
  value: ByteRange,
  uuids: UuidTexts,
): Framed | Rejection => {
  const { start } = value;
  if (header?.[0] === confluentGuid && header.length === guidLength)
    return { kind: 'framed', format: 'confluent', schemaId: uuids.at(header, 1), value, start };
  if (header?.[0] === confluentId && header.length === idLength)
    return { kind: 'framed', format: 'confluent', schemaId: header.readUInt32BE(1), value, start };
  return undecodable(
    `the header ${schemaIdHeader} (${header?.length ?? 0} bytes) must be 1 and a uuid of 16 bytes`,
  );
};

const fromId = (value: ByteRange): Framed | Rejection => {
  if (lengthOf(value) < idLength) return truncated(value, 'Confluent’s header', idLength);
  const { bytes, start } = value;
  const schemaId = bytes.readUInt32BE(start + 1);
  return { kind: 'framed', format: 'confluent', schemaId, value, start: start + idLength };
};

const fromGuid = (value: ByteRange, uuids: UuidTexts): Framed | Rejection => {
  if (lengthOf(value) < guidLength) return truncated(value, 'Confluent’s header', guidLength);
  const { bytes, start } = value;
  const schemaId = uuids.at(bytes, start + 1);
  return { kind: 'framed', format: 'confluent', schemaId, value, start: start + guidLength };
};

const fromGlue = (value: ByteRange, uuids: UuidTexts): Framed | Rejection => {
  if (lengthOf(value) < glueLength) return truncated(value, 'Glue’s header', glueLength);
  const { bytes, start, end } = value;
  const schemaId = uuids.at(bytes, start + 2);
  const compression = bytes[start + 1];
  const behind = start + glueLength;
  if (compression === uncompressed)
    return { kind: 'framed', format: 'glue', schemaId, value, start: behind };
  if (compression !== zlib)
    return undecodable(`Glue’s header names the unknown compression ${compression}`);
  const inflated = inflate(bytes.subarray(behind, end));
  return !Buffer.isBuffer(inflated)
    ? inflated
    : { kind: 'framed', format: 'glue', schemaId, value: rangeOf(inflated), start: 0 };
};

const mostKnown = 1_000;

/** A cache of uuid texts by their bytes. Making a text anew takes half as long as reading a value. */
export class UuidTexts {
  readonly #known = new Map<string, string>();

  /** Gives the text of the uuid at a position. */
  at(bytes: Buffer, start: number): string {
    const key = bytes.toString('latin1', start, start + 16);
    const found = this.#known.get(key);
    if (found !== undefined) return found;
    if (this.#known.size === mostKnown) this.#known.clear();
    const text = uuidText(bytes, start);
    this.#known.set(key, text);
    return text;
  }
}

const truncated = (value: ByteRange, what: string, needed: number): Rejection =>
  undecodable(`the value (${lengthOf(value)} bytes) is truncated within ${what} (${needed} bytes)`);

const undecodable = (detail: string): Rejection => rejected('undecodable', detail);
