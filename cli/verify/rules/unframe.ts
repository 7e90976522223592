import { inflateSync } from 'node:zlib';

/** The formats of the values' beginnings: `auto` tells by the first byte. */
export type WireFormat = 'auto' | 'bare' | 'confluent' | 'glue' | 'json';

/** What a value is by its beginning, and by the record's headers. */
export type Unframed =
  /** Avro without a header, or plain JSON. */
  | { readonly kind: 'bare' | 'json' }
  /** Avro bytes, with the id of the schema that they were written with. */
  | { readonly kind: 'framed'; readonly id: number | string; readonly bytes: Buffer }
  | { readonly kind: 'undecodable' };

/** The headers of a record, each with its name. */
export type NamedHeaders = readonly {
  readonly name: string;
  readonly value: Buffer | null;
}[];

const openingBrace = 0x7b;
/** The header of a record in which newer serializers of Confluent name the schema. */
const schemaIdHeader = '__value_schema_id';

/** The lengths of the headers: one byte and an id of four or sixteen; Glue has a byte for the compression too. */
const lengths = { id: 5, uuid: 17, glue: 18 };

/** Takes a registry's header from a value by hand, as docs/schemas.md says. */
export const unframe = (value: Buffer, headers: NamedHeaders, format: WireFormat): Unframed => {
  if (format === 'bare') return { kind: 'bare' };
  const first = value[0];
  if (format === 'json') return first === openingBrace ? { kind: 'json' } : undecodable;
  if (format !== 'glue') {
    const named = headers.findLast(({ name }) => name === schemaIdHeader);
    if (named !== undefined) return fromHeader(named.value ?? Buffer.alloc(0), value);
    if (first === 0)
      return value.length < lengths.id
        ? undecodable
        : framed(value.readUInt32BE(1), value.subarray(lengths.id));
    if (first === 1)
      return value.length < lengths.uuid
        ? undecodable
        : framed(uuidAt(value, 1), value.subarray(lengths.uuid));
  }
  if (format !== 'confluent' && first === 3)
    return value.length < lengths.glue ? undecodable : fromGlue(value);
  if (format !== 'auto') return undecodable;
  return { kind: first === openingBrace ? 'json' : 'bare' };
};

const undecodable: Unframed = { kind: 'undecodable' };

const framed = (id: number | string, bytes: Buffer): Unframed => ({ kind: 'framed', id, bytes });

const fromHeader = (header: Buffer, value: Buffer): Unframed => {
  if (header[0] === 0 && header.length === lengths.id) return framed(header.readUInt32BE(1), value);
  if (header[0] === 1 && header.length === lengths.uuid) return framed(uuidAt(header, 1), value);
  return undecodable;
};

const fromGlue = (value: Buffer): Unframed => {
  const id = uuidAt(value, 2);
  const rest = value.subarray(lengths.glue);
  if (value[1] === 0) return framed(id, rest);
  if (value[1] !== 5) return undecodable;
  const inflated = inflate(rest);
  return inflated === null ? undecodable : framed(id, inflated);
};

/** Values grow up to 16 MiB and 64-fold, and small ones always. Larger ones are rejected. */
const mostInflated = 16 * 1024 * 1024;
const smallValue = 16 * 1024;

const inflate = (bytes: Buffer): Buffer | null => {
  const most = Math.min(mostInflated, Math.max(smallValue, 64 * bytes.length));
  try {
    const { buffer, engine } = inflateSync(bytes, {
      maxOutputLength: most,
      info: true,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    // Bytes behind the end of the compressed data belong to nothing.
    return engine.bytesWritten === bytes.length ? buffer : null;
  } catch {
    return null;
  }
};

const uuidAt = (bytes: Buffer, start: number): string =>
  bytes
    .toString('hex', start, start + 16)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
