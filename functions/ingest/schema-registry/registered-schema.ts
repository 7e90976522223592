import { shown } from './schema-text.ts';

/** A schema as a registry with Confluent's API gives it, by an id or as a version of a subject. */
export interface RegisteredSchema {
  readonly schema: string;
  /** AVRO where the registry names none, or null. */
  readonly schemaType: string;
  /** The subject that it was asked for by, where the registry tells; '' otherwise. */
  readonly subject: string;
  readonly references: readonly SchemaReference[];
}

/** Another schema that a schema refers to. */
export interface SchemaReference {
  /** The name by which the schema refers to it: for Avro the full name of a type. */
  readonly name: string;
  readonly subject: string;
  /** −1 is the latest. */
  readonly version: number;
}

/** @returns null for JSON that is no schema of a registry. */
export const toRegisteredSchema = (
  json: Readonly<Record<string, unknown>>,
): RegisteredSchema | null => {
  const { schema, subject } = json;
  const schemaType = json['schemaType'] ?? 'AVRO';
  const references = toReferences(json['references'] ?? []);
  if (typeof schema !== 'string' || typeof schemaType !== 'string' || references === null)
    return null;
  // A kind is a word; a message repeats it.
  if (!/^\w{1,100}$/.test(schemaType)) return null;
  return { schema, schemaType, subject: typeof subject === 'string' ? subject : '', references };
};

/** Null where one names no subject or no version. A name may be absent: then the subject and version stand for it. */
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

/** How messages name a version of a subject. */
export const versionName = ({ subject, version }: SchemaReference): string =>
  `subject ${shown(subject)} version ${version === -1 ? 'latest' : version}`;
