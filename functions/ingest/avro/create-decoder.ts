import type { Config } from '../config.ts';
import type { AwaitsSchema, Decoder, SchemaId } from '../read.ts';
import type { ValidatedBy } from '../record.ts';
import type { Rejection } from '../rejection.ts';
import { type Span, spanOf, toBuffer } from '../span.ts';
import type { UserEvent, UserEventFields } from '../user-event.ts';
import { decodeUserEvent, readValue } from './decode-user-event.ts';
import { createFetchSchemas } from './fetch-schemas.ts';
import { readersJsonShape } from './json-shape.ts';
import { readJson } from './json-value.ts';
import { userEventSchema } from './reader-schema.ts';
import { isPublishedLayout, scanUserEvent } from './scan-user-event.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import { unframe } from './wire-format.ts';
import { createWriters, unknownForMs } from './writers.ts';

/** For JSON whose writer's schema nobody can be asked for. */
const readersShape = readersJsonShape(userEventSchema);

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
    value: Buffer,
    { dataFormat, schemaId }: ValidatedBy,
  ): UserEventFields | Rejection | AwaitsSchema => {
    if (dataFormat !== 'AVRO')
      return readJson(value, readersShape) ?? undecodable(value, 'JSON, and its schema not Avro');
    const id = toSchemaId(schemaId);
    if (id === null) return undecodable(value, 'of a schema id of digits or a uuid');
    const writer = writers.get(id);
    if (writer === undefined) return { awaits: id };
    if ('reason' in writer)
      return (
        (writer.reason === 'unknown_schema' && registry === 'none'
          ? readJson(value, readersShape)
          : undefined) ?? writer
      );
    return (
      readJson(value, writer.json) ?? readValue(spanOf(value), 0, writer.read, writtenWith(id))
    );
  };

  return {
    decode(value, { headers, validatedBy }) {
      if (validatedBy !== undefined) return decodeValidated(toBuffer(value), validatedBy);
      const framed = unframe(value, headers, wireFormat);
      if (framed === null) return scanBare(value) ?? decodeUserEvent(value);
      if ('reason' in framed) return framed;
      const { schemaId, start } = framed;
      const writer = writers.get(schemaId);
      if (writer === undefined) return { awaits: schemaId };
      if ('reason' in writer) return writer;
      return (
        (writer.isPublished ? scanUserEvent(framed.value, start) : null) ??
        readValue(framed.value, start, writer.read, writtenWith(schemaId))
      );
    },
    async fetchSchema(id) {
      const missing = await writers.ask(id);
      if (missing !== null) writers.reject(id, missing, unknownForMs);
    },
    fetchSchemas: createFetchSchemas(schemas, writers),
  };
};

const writtenWith = (id: SchemaId): string => `UserEvent of schema ${id}`;

const toSchemaId = (text: string): SchemaId | null => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null;
};

const undecodable = ({ length }: Buffer, what: string): Rejection => ({
  reason: 'undecodable',
  detail: `the value (${length} bytes), which the event source mapping has validated, is not ${what}`,
});
