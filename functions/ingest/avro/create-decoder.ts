import type { Config } from '../config.ts';
import type { AwaitsSchema, Decoder, SchemaId } from '../read.ts';
import type { Header, ValidatedBy } from '../record.ts';
import type { Rejection } from '../rejection.ts';
import { lengthOf, type Span, toBuffer } from '../span.ts';
import type { UserEvent, UserEventFields } from '../user-event.ts';
import { decodeUserEvent, readValue } from './decode-user-event.ts';
import { createFetchSchemas } from './fetch-schemas.ts';
import { foreignFormat, foreignHeader, looksLike } from './foreign-format.ts';
import { readJson } from './json-value.ts';
import { userEventSchema } from './reader-schema.ts';
import { readersJson } from './resolve-writer.ts';
import { isPublishedLayout, scanUserEvent } from './scan-user-event.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import { unframe } from './wire-format.ts';
import { createWriters, unknownForMs } from './writers.ts';

/** For JSON whose writer's schema nobody can be asked for. */
const readByReaders = readersJson(userEventSchema);

/** A schema that was added to is read by its own steps. */
const scanBare: (value: Span) => UserEvent | null = isPublishedLayout(userEventSchema)
  ? (value) => scanUserEvent(value, value.start)
  : () => null;

/** Reads values in all wire formats, by the schemas that they were written with. */
export const createDecoder = (
  { wireFormat, registry }: Pick<Config, 'wireFormat' | 'registry'>,
  schemas: SchemaRegistry,
): Decoder => {
  const writers = createWriters(schemas);

  /** A value that the event source mapping took the header from: as it was, or turned into JSON, which is seen by looking. */
  const decodeValidated = (
    value: Span,
    { dataFormat, schemaId }: ValidatedBy,
  ): UserEventFields | Rejection | AwaitsSchema => {
    const bytes = toBuffer(value);
    if (dataFormat !== 'AVRO')
      return readJson(bytes, readByReaders) ?? notValid(bytes, 'JSON, and its schema not Avro');
    const id = toSchemaId(schemaId);
    if (id === null) return notValid(bytes, 'of a schema id of digits or a uuid');
    const writer = writers.get(id);
    if (writer === undefined) return { awaits: id };
    if ('reason' in writer)
      return (
        (writer.reason === 'unknown_schema' && registry === 'none'
          ? readJson(bytes, readByReaders)
          : undefined) ?? writer
      );
    return (
      readJson(bytes, writer.json) ??
      named(readValue(value, value.start, writer.read, writtenWith(id)), value, value.start)
    );
  };

  return {
    decode(value, { headers, validatedBy }) {
      if (validatedBy !== undefined) return decodeValidated(value, validatedBy);
      const framed = unframe(value, headers, wireFormat);
      if (framed === null)
        return scanBare(value) ?? named(decodeUserEvent(value), value, value.start, headers);
      if ('reason' in framed) return framed;
      const { schemaId, start } = framed;
      const writer = writers.get(schemaId);
      if (writer === undefined) return { awaits: schemaId };
      if ('reason' in writer) return withHeaderNamed(writer, value);
      return (
        (writer.isPublished ? scanUserEvent(framed.value, start) : null) ??
        named(
          readValue(framed.value, start, writer.read, writtenWith(schemaId)),
          framed.value,
          start,
        )
      );
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
  read: UserEventFields | Rejection,
  value: Span,
  start: number,
  headers?: readonly Header[],
): UserEventFields | Rejection => {
  if (!('reason' in read)) return read;
  const format = foreignFormat({ bytes: value.bytes, start, end: value.end }, headers);
  if (format === undefined) return read;
  const behind = start === value.start ? '' : ' behind its header';
  return {
    reason: 'undecodable',
    detail: `the value (${lengthOf(value)} bytes)${behind} is no Avro UserEvent, ${looksLike(format)}`,
  };
};

/** Names in a rejection for want of a schema the header that has a longer id than was looked for. */
const withHeaderNamed = (rejection: Rejection, value: Span): Rejection => {
  const { reason, detail } = rejection;
  const header = reason === 'unknown_schema' ? foreignHeader(value) : undefined;
  return header === undefined ? rejection : { reason, detail: `${detail}; ${looksLike(header)}` };
};

const writtenWith = (id: SchemaId): string => `UserEvent of schema ${id}`;

const toSchemaId = (text: string): SchemaId | null => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null;
};

const notValid = ({ length }: Buffer, what: string): Rejection => ({
  reason: 'undecodable',
  detail: `the value (${length} bytes), which the event source mapping has validated, is not ${what}`,
});
