import type { ByteRange } from '../../bytes/byte-range.ts';
import type { Header } from '../../pipeline/kafka-record.ts';

/** A format of values that is known and not read here. */
export interface ForeignFormat {
  /** Completes "the value looks like …". */
  readonly name: string;
  /** Tells the producer's owner what to do. */
  readonly advice: string;
}

const decompress =
  'send it uncompressed: compression.type of the producer compresses batches, and its consumers see none of it';
const bareOrRegistry = 'send each event by itself, as bare Avro or by a registry’s serializer';
const sendBytes = 'send the bytes themselves';
const avroOnly = 'only Avro is read here, and JSON that the event source mapping has made of it';
const asConfluent =
  'have its serializers write four bytes of id (2.x: apicurio.registry.as-confluent=true; 3.x: apicurio.registry.id-handler=' +
  'io.apicurio.registry.serde.Default4ByteIdHandler)';

const apicurioId: ForeignFormat = {
  name: 'one of Apicurio’s serializer, with a schema id of eight bytes',
  advice: asConfluent,
};

/** The first bytes, in hexadecimal, that tell a format by themselves. */
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
  ['aced0005', 'a serialized Java object', avroOnly],
  ['8004', 'a pickled Python object', avroOnly],
  ['8005', 'a pickled Python object', avroOnly],
  ['50415231', 'a Parquet file', avroOnly],
  ['d9d9f7', 'CBOR', avroOnly],
  ['e00100ea', 'Amazon Ion', avroOnly],
  ['3a290a', 'Smile', avroOnly],
];
const longestMagic = 10;

/** Tells what a value looks like and what to do, to stand behind what is wrong with it. */
export const looksLike = ({ name, advice }: ForeignFormat): string =>
  `it looks like ${name}: ${advice}`;

/**
 * Names the known format that bytes look like, for the message about a value that could not be read. It reads none of them, and decides
 * nothing.
 * The bytes are those behind the header where one was read.
 * @param headers the record's, only where no header was read or taken away before.
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
    ofText(given) ??
    (isProtobuf(given) ? { name: 'Protobuf', advice: avroOnly } : undefined)
  );
};

/** Names the header of a value that is taken for Confluent's, and has more bytes of id than that. */
export const foreignHeader = ({ bytes, start, end }: ByteRange): ForeignFormat | undefined =>
  longerId(bytes.subarray(start, end));

/** The prefix of Azure's older serializers: the schema's id as 32 hexadecimal digits, behind four zeros. */
const azurePrefix = /^00000000((3\d|6[1-6]){32})/;

const longerId = (given: Buffer): ForeignFormat | undefined => {
  if (azurePrefix.test(given.toString('hex', 0, 36)))
    return { name: 'one of Azure’s schema registry', advice: bareOrRegistry };
  return isApicurio(given) ? apicurioId : undefined;
};

/** Headers of registries' serializers that this function reads in other settings, or not at all. */
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

/** Tells an id of eight bytes by the four zeros it begins with: ids begin at 1, and the largest are far below 2^32. */
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

/** The number of bytes that are looked at for whether they are text. */
const sample = 4_096;

const ofText = (given: Buffer): ForeignFormat | undefined => {
  const text = given.toString('latin1', 0, sample).replace(/^\xef\xbb\xbf/, '');
  if (/^\s*(\{\s*["}]|\[\s*[{["\d-])/.test(text)) return { name: 'JSON text', advice: avroOnly };
  if (/^\s*<[?!A-Za-z]/.test(text)) return { name: 'XML text', advice: avroOnly };
  if (/^"[\x20-\x7e\x80-\xff]*"\s*$/.test(text))
    return { name: 'a text as JSON writes it', advice: avroOnly };
  if (/^(0x)?([\dA-Fa-f]{2}){12,}\s*$/.test(text))
    return { name: 'bytes written as hexadecimal digits', advice: sendBytes };
  if (base64.test(text) && !beginsAsEvent.test(text))
    return { name: 'bytes written as base64', advice: sendBytes };
  if (/^[\x20-\x7e\t\r\n]{4,}$/.test(text) && !beginsAsEvent.test(text))
    return { name: 'plain text', advice: avroOnly };
  return undefined;
};

/** The alphabet in use for URLs too; bytes have letters of both cases, and names seldom. */
const base64 = /^(?=.*[A-Z])(?=.*[a-z])[\w+/-]{22,}={0,2}\s*$/;

/** An event whose value is cut short within its first field is text, too. */
const beginsAsEvent = /^H[\dA-Fa-f]{1,8}(-|$)/;

/** Whether bytes are two fields or more of Protobuf, whole, beginning with the first. */
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
  /** Bytes of a field of each kind, behind its tag; a varint is passed over by being read. */
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
    // Written so that what is no number ends it.
    if (!(tag >= 8 && tag < 2 ** 32 && at <= given.length)) return false;
  }
};
