import { shown } from './schema-text.ts';

/** A schema as a registry with Confluent's API gives it, by an id or as a version of a subject. */
export interface RegisteredSchema {
  readonly schema: string;
  /** The kind of the schema; AVRO where the registry names none, or null. */
  readonly schemaType: string;
  /** The subject of the schema, where the registry names it; '' otherwise. */
  readonly subject: string;
  readonly references: readonly SchemaReference[];
}

/** A reference of a schema to another schema. */
export interface SchemaReference {
  /** The name in the referring schema: for Avro the full name of a type. */
  readonly name: string;
  readonly subject: string;
  /** The version; −1 is the latest. */
  readonly version: number;
}

/** Reads a registered schema. @returns null for JSON that is no schema of a registry. */
export const toRegisteredSchema = (
  json: Readonly<Record<string, unknown>>,
): RegisteredSchema | null => {
  const { schema, subject } = json;
  const schemaType = json['schemaType'] ?? 'AVRO';
  const references = toReferences(json['references'] ?? []);
  if (typeof schema !== 'string' || typeof schemaType !== 'string' || references === null)
    return null;
  // The kind must be a word, because messages repeat it.
  if (!/^\w{1,100}$/.test(schemaType)) return null;
  return { schema, schemaType, subject: typeof subject === 'string' ? subject : '', references };
};

/**
 * Reads references. Returns null where a subject or a version is missing. A missing name is replaced by the subject and version.
 */
const toReferences = (given: unknown): SchemaReference[] | null => {
  if (!Array.isArray(given)) return null;
  const references: SchemaReference[] = [];
  for (const one of given) {
    const { name, subject, version } = Object(one);
    if (typeof subject !== 'string' || !Number.isSafeInteger(version)) return null;
    const named = typeof name === 'string' && name !== '';
    references.push({ name: named ? name : `${subject} ${version}`, subject, version });
  }
  return references;
};

/** Names a version of a subject in messages. */
export const versionName = ({ subject, version }: SchemaReference): string =>
  `subject ${shown(subject)} version ${version === -1 ? 'latest' : version}`;
