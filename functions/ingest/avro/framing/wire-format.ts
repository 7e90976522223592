import { lengthOf, type Span, spanOf } from '../../bytes/byte-range.ts';
import type { Rejection } from '../../event/rejection.ts';
import { uuidText } from '../../event/uuid-text.ts';
import type { SchemaId } from '../../pipeline/decoder.ts';
import type { Header } from '../../pipeline/kafka-record.ts';
import type { Settings } from '../../settings/read-settings.ts';
import { foreignFormat, looksLike } from './foreign-format.ts';
import { inflate } from './inflate.ts';

/** What a registry's serializer made: which schema the value was written with, and where in it its Avro bytes begin. */
export interface Framed {
  readonly format: 'confluent' | 'glue';
  readonly schemaId: SchemaId;
  readonly value: Span;
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

/** The header in which newer Confluent serializers put what else is the value's prefix. */
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
 * Tells a value's wire format; null is bare Avro of the reader's own schema. Unless the setting says which it is, a header is looked for first, then at the first byte: a bare
 * `UserEvent` begins with the length of a text, 0x48 for a uuid, and an empty text is no user_id, so that 0 is no beginning;
 * 1 and 3 would be negative lengths.
 */
export const unframe = (
  value: Span,
  headers: readonly Header[],
  format: Settings['wireFormat'],
): Framed | Rejection | null => {
  if (format === 'bare') return null;
  const first = value.start < value.end ? value.bytes[value.start] : undefined;
  if (format !== 'glue') {
    const header = schemaIdOf(headers);
    if (header !== undefined) return fromHeader(header, value);
    if (first === confluentId) return fromId(value);
    if (first === confluentGuid) return fromGuid(value);
  }
  if (format !== 'confluent' && first === glueVersion) return fromGlue(value);
  if (format === 'auto') return null;
  const foreign = foreignFormat(value, headers);
  return undecodable(
    `the value (${lengthOf(value)} bytes) has no header of a ${format} registry` +
      (foreign === undefined ? '' : `; ${looksLike(foreign)}`),
  );
};

/** Of headers of one name the last counts, as in Kafka's own `lastHeader`. */
const schemaIdOf = (headers: readonly Header[]): Buffer | null | undefined =>
  headers.length === 0 ? undefined : headers.findLast(({ name }) => name === schemaIdHeader)?.value;

const fromHeader = (header: Buffer | null, value: Span): Framed | Rejection => {
  const { start } = value;
  if (header?.[0] === confluentGuid && header.length === guidLength)
    return { format: 'confluent', schemaId: schemaUuid(header, 1), value, start };
  if (header?.[0] === confluentId && header.length === idLength)
    return { format: 'confluent', schemaId: header.readUInt32BE(1), value, start };
  return undecodable(
    `the header ${schemaIdHeader} (${header?.length ?? 0} bytes) must be 1 and a uuid of 16 bytes`,
  );
};

const fromId = (value: Span): Framed | Rejection => {
  if (lengthOf(value) < idLength) return cutShort(value, 'Confluent’s header', idLength);
  const { bytes, start } = value;
  const schemaId = bytes.readUInt32BE(start + 1);
  return { format: 'confluent', schemaId, value, start: start + idLength };
};

const fromGuid = (value: Span): Framed | Rejection => {
  if (lengthOf(value) < guidLength) return cutShort(value, 'Confluent’s header', guidLength);
  const { bytes, start } = value;
  const schemaId = schemaUuid(bytes, start + 1);
  return { format: 'confluent', schemaId, value, start: start + guidLength };
};

const fromGlue = (value: Span): Framed | Rejection => {
  if (lengthOf(value) < glueLength) return cutShort(value, 'Glue’s header', glueLength);
  const { bytes, start, end } = value;
  const schemaId = schemaUuid(bytes, start + 2);
  const compression = bytes[start + 1];
  const behind = start + glueLength;
  if (compression === uncompressed) return { format: 'glue', schemaId, value, start: behind };
  if (compression !== zlib)
    return undecodable(`Glue’s header names the unknown compression ${compression}`);
  const inflated = inflate(bytes.subarray(behind, end));
  return 'reason' in inflated
    ? inflated
    : { format: 'glue', schemaId, value: spanOf(inflated), start: 0 };
};

/** The uuids that were met, by their bytes: to make the text anew for each value takes half as long as reading the value. */
const known = new Map<string, string>();
const mostKnown = 1_000;

const schemaUuid = (bytes: Buffer, start: number): string => {
  const key = bytes.toString('latin1', start, start + 16);
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size === mostKnown) known.clear();
  const text = uuidText(bytes, start);
  known.set(key, text);
  return text;
};

const cutShort = (value: Span, what: string, needed: number): Rejection =>
  undecodable(`the value (${lengthOf(value)} bytes) is cut short within ${what} (${needed} bytes)`);

const undecodable = (detail: string): Rejection => ({ reason: 'undecodable', detail });
