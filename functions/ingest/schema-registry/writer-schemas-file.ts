/** The contents of `schema/writer-schemas.json`. */
export interface WriterSchemasFile {
  /** The schemas of values that name their writer's schema, by its id. */
  readonly byId: Readonly<Record<string, unknown>>;
  /** The schemas of bare values before today's, the newest first. */
  readonly bare: readonly unknown[];
}

/** The error of a file that is not as it must be; its message names every mistake. */
export class WriterSchemasError extends Error {
  override readonly name = 'WriterSchemasError';

  constructor(mistakes: readonly string[]) {
    super(
      `schema/writer-schemas.json is wrong:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`,
    );
  }
}

/** A schema's id in a registry: Confluent's number, or a uuid in small letters. */
const id = /^(0|[1-9]\d{0,9}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Checks the file's JSON.
 * @throws {WriterSchemasError} where it is no object, a key is no id, or a value is no schema.
 */
export const readWriterSchemas = (contents: unknown): WriterSchemasFile => {
  if (!isObject(contents))
    throw new WriterSchemasError([
      'it must be an object of schemas by their ids, and of the list `bare`',
    ]);
  const { bare = [], ...byId } = contents;
  const mistakes = Object.entries(byId).flatMap(([key, schema]) => [
    ...(id.test(key)
      ? []
      : [`the key "${key}" must be the id of a schema (a number, or a uuid in small letters)`]),
    ...(isSchema(schema) ? [] : [`"${key}" must have an Avro schema`]),
  ]);
  if (!Array.isArray(bare)) mistakes.push('`bare` must be a list of schemas, the newest first');
  else if (!bare.every(isSchema)) mistakes.push('`bare` has an item that is no Avro schema');
  if (mistakes.length > 0) throw new WriterSchemasError(mistakes);
  return { byId, bare: bare as readonly unknown[] };
};

/** Tells whether JSON may be an Avro schema; `avro/schema/` reads the rest of it. */
const isSchema = (value: unknown): boolean =>
  typeof value === 'string' || Array.isArray(value) || (isObject(value) && 'type' in value);
