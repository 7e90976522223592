import type { ByteRange } from '../../bytes/byte-range.ts';
import type { Header } from '../../pipeline/kafka-record.ts';

/** A known format of values that this function does not read. */
export interface ForeignFormat {
  /** The name, which completes "the value looks like …". */
  readonly name: string;
  /** The advice to the producer's owner. */
  readonly advice: string;
}

const decompress =
  'send it uncompressed: compression.type of the producer compresses batches, and its consumers see none of it';
const bareOrRegistry = 'send each event by itself, as bare Avro or by a registry’s serializer';
const oneObject = 'send each event by itself, as an object';
const sendBytes = 'send the bytes themselves';
const avroOrJson = 'only Avro and JSON are read here';
const asConfluent =
  'have its serializers write four bytes of id (2.x: apicurio.registry.as-confluent=true; 3.x: apicurio.registry.id-handler=' +
  'io.apicurio.registry.serde.Default4ByteIdHandler)';

const apicurioId: ForeignFormat = {
  name: 'one of Apicurio’s serializer, with a schema id of eight bytes',
  advice: asConfluent,
};

/** The first bytes, in hexadecimal, that identify a format by themselves. */
const magics: readonly (readonly [first: string, name: string, advice: string])[] = [
  ['4f626a01', 'an Avro object container, a file with its schema', bareOrRegistry],
  ['c301', 'Avro’s single-object encoding, with a fingerprint of its schema', bareOrRegistry],
  ['1f8b08', 'data compressed by gzip', decompress],
  ['28b52ffd', 'data compressed by zstd', decompress],
  ['04224d18', 'data compressed by LZ4', decompress],
  ['ff060000734e61507059', 'data compressed by Snappy', decompress],
  ['82534e4150505900', 'data compressed by Snappy', decompress],
  ['425a68', 'data compressed by bzip2', decompress],
  ['fd377a585a00', 'data compressed by xz', decompress],
  ['7801', 'data compressed by zlib', decompress],
  ['785e', 'data compressed by zlib', decompress],
  ['789c', 'data compressed by zlib', decompress],
  ['78da', 'data compressed by zlib', decompress],
  ['504b0304', 'a ZIP file', decompress],
  ['aced0005', 'a serialized Java object', avroOrJson],
  ['8004', 'a pickled Python object', avroOrJson],
  ['8005', 'a pickled Python object', avroOrJson],
  ['50415231', 'a Parquet file', avroOrJson],
  ['d9d9f7', 'CBOR', avroOrJson],
  ['e00100ea', 'Amazon Ion', avroOrJson],
  ['3a290a', 'Smile', avroOrJson],
];
const longestMagic = 10;

/** Describes a foreign format and its remedy, to be appended to an error. */
export const looksLike = ({ name, advice }: ForeignFormat): string =>
  `it looks like ${name}: ${advice}`;

/**
 * Names the known format that bytes look like, for the message about an unreadable value. It decodes none of the formats, and
 * decides nothing. The bytes begin after the header where one was read.
 * @param headers the record's headers; given only where no header was read or taken away before.
 */
export const foreignFormat = (
  { bytes, start, end }: ByteRange,
  headers?: readonly Header[],
): ForeignFormat | undefined => {
  const given = bytes.subarray(start, end);
  const first = given.toString('hex', 0, longestMagic);
  const magic = magics.find(([beginning]) => first.startsWith(beginning));
  if (magic !== undefined) return { name: magic[1], advice: magic[2] };
  return (
    (headers === undefined ? twiceFramed(given) : (ofRegistry(given) ?? ofHeaders(headers))) ??
    ofJson(given, headers !== undefined) ??
    ofText(given) ??
    (isProtobuf(given) ? { name: 'Protobuf', advice: avroOrJson } : undefined)
  );
};

/** Names the header of a value that looks like Confluent's, but has a longer id. */
export const foreignHeader = ({ bytes, start, end }: ByteRange): ForeignFormat | undefined =>
  longerId(bytes.subarray(start, end));

/** The prefix of Azure's older serializers: four zeros and the schema's id as 32 hexadecimal digits. */
const azurePrefix = /^00000000((3\d|6[1-6]){32})/;

const longerId = (given: Buffer): ForeignFormat | undefined => {
  if (azurePrefix.test(given.toString('hex', 0, 36)))
    return { name: 'one of Azure’s schema registry', advice: bareOrRegistry };
  return isApicurio(given) ? apicurioId : undefined;
};

/** Names the header of a registry's serializer that this function reads under other settings, or not at all. */
const ofRegistry = (given: Buffer): ForeignFormat | undefined => {
  const longer = longerId(given);
  if (longer !== undefined) return longer;
  const [first, second] = given;
  if (first === 0x03 && (second === 0x00 || second === 0x05) && given.length > 18)
    return {
      name: 'one of AWS Glue’s serializer',
      advice: 'WIRE_FORMAT must be glue or auto for it',
    };
  if ((first === 0x00 && given.length > 5) || (first === 0x01 && given.length > 17))
    return {
      name: 'one of Confluent’s serializer',
      advice: 'WIRE_FORMAT must be confluent or auto for it',
    };
  return undefined;
};

/** Recognises an id of eight bytes by the four zeros at its beginning: ids begin at 1, and the largest are far below 2^32. */
const isApicurio = (given: Buffer): boolean =>
  given.length > 9 && given.readUInt32BE(0) === 0 && given[4] === 0 && given.readUInt32BE(5) > 0;

const uuidText = 0x48;

const twiceFramed = (given: Buffer): ForeignFormat | undefined =>
  given[0] === 0x00 && given[5] === uuidText
    ? {
        name: 'a value that was serialized twice, with a header behind the header',
        advice: 'give the second serializer the event and not bytes',
      }
    : undefined;

const ofHeaders = (headers: readonly Header[]): ForeignFormat | undefined =>
  headers.some(({ name }) => /^apicurio\.value\.(globalId|contentId)$/.test(name))
    ? {
        name: 'one of Apicurio’s serializer, with the schema’s id in a header of its own',
        advice: `set apicurio.registry.headers.enabled=false, and ${asConfluent}`,
      }
    : undefined;

/** The number of bytes that are inspected for text. */
const sample = 4_096;

const byteOrderMark = /^\xef\xbb\xbf/;

/** Recognises JSON that is not read as it is. @param isWhole false where a header was before it. */
const ofJson = (given: Buffer, isWhole: boolean): ForeignFormat | undefined => {
  const text = given.toString('latin1', 0, sample);
  const json = text.replace(byteOrderMark, '').trimStart();
  if (/^\[\s*[{["\d-]/.test(json)) return { name: 'a list in JSON', advice: oneObject };
  if (!/^\{\s*["}]/.test(json)) return undefined;
  if (!isWhole) return { name: 'JSON text', advice: 'send it without a registry’s header' };
  if (byteOrderMark.test(text))
    return { name: 'JSON text behind a byte order mark', advice: 'send it without the mark' };
  return json === text
    ? { name: 'JSON text', advice: 'WIRE_FORMAT must be json or auto for it' }
    : { name: 'JSON text behind white space', advice: 'send it without' };
};

const ofText = (given: Buffer): ForeignFormat | undefined => {
  const text = given.toString('latin1', 0, sample).replace(byteOrderMark, '');
  if (/^\s*<[?!A-Za-z]/.test(text)) return { name: 'XML text', advice: avroOrJson };
  if (/^"[\x20-\x7e\x80-\xff]*"\s*$/.test(text))
    return { name: 'a text as JSON writes it', advice: avroOrJson };
  if (/^(0x)?([\dA-Fa-f]{2}){12,}\s*$/.test(text))
    return { name: 'bytes written as hexadecimal digits', advice: sendBytes };
  if (base64.test(text) && !beginsAsEvent.test(text))
    return { name: 'bytes written as base64', advice: sendBytes };
  if (/^[\x20-\x7e\t\r\n]{4,}$/.test(text) && !beginsAsEvent.test(text))
    return { name: 'plain text', advice: avroOrJson };
  return undefined;
};

/** The alphabets of base64, for URLs too. Encoded bytes have letters of both cases, and names seldom do. */
const base64 = /^(?=.*[A-Z])(?=.*[a-z])[\w+/-]{22,}={0,2}\s*$/;

/** The beginning of an event that is truncated within its first field, which is text too. */
const beginsAsEvent = /^H[\dA-Fa-f]{1,8}(-|$)/;

/** Recognises two or more complete fields of Protobuf, beginning with the first field. */
const isProtobuf = (given: Buffer): boolean => {
  if (given.length < 4 || (given[0] as number) >> 3 !== 1) return false;
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = given[at] ?? Number.NaN;
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  /** The lengths of a Protobuf field after its tag, by wire type. Reading a varint already passes over it. */
  const lengths: Readonly<Record<number, () => number>> = {
    0: () => varint() * 0,
    1: () => 8,
    2: varint,
    5: () => 4,
  };
  for (let fields = 0; ; fields += 1) {
    if (at === given.length) return fields >= 2;
    const tag = varint();
    const length = lengths[tag % 8]?.() ?? Number.NaN;
    at += length;
    // The condition is negated so that NaN ends the loop.
    if (!(tag >= 8 && tag < 2 ** 32 && at <= given.length)) return false;
  }
};
