import { type RegisteredSchema, type SchemaReference, versionName } from './registered-schema.ts';
import type { ReferenceText } from './schema-text.ts';

/** The most schemas that one schema may refer to, over all levels. */
const mostReferences = 100;

/** A schema cannot be had because of one that it refers to. */
export class UnusableReference extends Error {
  override readonly name = 'UnusableReference';
}

/**
 * Collects the schemas that a schema refers to, each before those that need it. The rules are those of Confluent's Java client
 * (AbstractSchemaProvider.resolveReferences): a reference's name is read once, so of several versions of one name the first
 * that is visited counts, depth first; and schemas that refer to each other come to an end.
 * @param get fetches the version at a path of the registry's API.
 * @throws {UnusableReference} when a schema that is referred to is not Avro, or there are too many. What `get` throws is passed on.
 */
export const resolveReferences = async (
  root: RegisteredSchema,
  get: (path: string, reference: SchemaReference) => Promise<RegisteredSchema>,
): Promise<ReferenceText[]> => {
  /** By the references' names; null while what a schema refers to is visited. */
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
      // Behind all that it needs.
      texts.delete(given.name);
      texts.set(given.name, { text: found.schema, origin: versionName(reference) });
    }
  };
  await visit(root);
  return [...texts.values()].filter((one) => one !== null);
};

/** With those that were soft-deleted, as Confluent's clients ask: values that were written with them are still on the topic. */
const pathOf = ({ subject, version }: SchemaReference): string =>
  `subjects/${encodeURIComponent(subject)}/versions/${version === -1 ? 'latest' : version}?deleted=true`;

/** A subject without a context is looked for in the context (`:.name:`) of the subject that refers to it. */
const inContextOf = (parent: string, subject: string): string => {
  const context = /^:\.[^:]*:/.exec(parent)?.[0];
  return context === undefined || subject.startsWith(':.') ? subject : `${context}${subject}`;
};
