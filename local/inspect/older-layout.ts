import { readRecord } from '../dataset/read-avro.ts';
import { publishedFields, type SchemaField } from '../dataset/schema-fields.ts';

const isOptional = ({ fallback }: SchemaField): boolean => fallback !== undefined;

/**
 * Tells which of the schema's last fields a bare value does not have yet, where it is whole without them.
 * @param fields of the schema; those of the published one, unless they are given.
 * @returns the first of the fields that it lacks; null where it is no value of such an older layout.
 */
export const lacksFrom = (
  value: Buffer,
  fields: readonly SchemaField[] = publishedFields,
): string | null => {
  for (let known = fields.length - 1; known > 0; known -= 1) {
    const next = fields[known] as SchemaField;
    if (!isOptional(next)) return null;
    if (readRecord(fields.slice(0, known), value) !== null) return next.name;
  }
  return null;
};
