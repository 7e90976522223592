import { type RegisteredSchema, type SchemaReference, versionName } from './registered-schema.ts';
import type { ReferenceText } from './schema-text.ts';

/** The most references of one schema, over all levels. */
const mostReferences = 100;

/** The error of a schema whose reference cannot be used. */
export class UnusableReference extends Error {
  override readonly name = 'UnusableReference';
}

/**
 * Collects the schemas that a schema refers to, each before the schemas that need it. The rules are those of Confluent's Java
 * client (AbstractSchemaProvider.resolveReferences). Each name is read once, depth first, so that the first version of a name
 * counts. Schemas that refer to each other come to an end.
 * @param get fetches the version at a path of the registry's API.
 * @throws {UnusableReference} where a reference is not Avro, or there are too many references. Errors of `get` are passed on.
 */
export const resolveReferences = async (
  root: RegisteredSchema,
  get: (path: string, reference: SchemaReference) => Promise<RegisteredSchema>,
): Promise<ReferenceText[]> => {
  /** The texts by the references' names; null while the references of a schema are visited. */
  const texts = new Map<string, ReferenceText | null>();

  const visit = async (parent: RegisteredSchema): Promise<void> => {
    for (const given of parent.references) {
      if (texts.has(given.name)) continue;
      if (texts.size === mostReferences)
        throw new UnusableReference(`it refers to more than ${mostReferences} schemas`);
      texts.set(given.name, null);
      const reference = { ...given, subject: inContextOf(parent.subject, given.subject) };
      const found = await get(pathOf(reference), reference);
      if (found.schemaType !== 'AVRO')
        throw new UnusableReference(
          `it refers to ${versionName(reference)}, which is ${found.schemaType}, not Avro`,
        );
      await visit({ ...found, subject: reference.subject });
      // The entry moves behind all schemas that it needs.
      texts.delete(given.name);
      texts.set(given.name, { text: found.schema, origin: versionName(reference) });
    }
  };
  await visit(root);
  return [...texts.values()].filter((one) => one !== null);
};

/**
 * Makes the path of a version. Soft-deleted versions are included, as by Confluent's clients: their values are still on the
 * topic.
 */
const pathOf = ({ subject, version }: SchemaReference): string =>
  `subjects/${encodeURIComponent(subject)}/versions/${version === -1 ? 'latest' : version}?deleted=true`;

/** Puts a subject without a context into the context (`:.name:`) of the subject that refers to it. */
const inContextOf = (parent: string, subject: string): string => {
  const context = /^:\.[^:]*:/.exec(parent)?.[0];
  return context === undefined || subject.startsWith(':.') ? subject : `${context}${subject}`;
};
