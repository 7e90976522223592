import { readRecord } from '../../cli/verify/rules/read-avro.ts';
import { publishedFields, type SchemaField } from '../../cli/verify/rules/schema-fields.ts';

const isOptional = ({ fallback }: SchemaField): boolean => fallback !== undefined;

/**
 * Finds the schema's last fields that a bare value lacks, where the value is whole without them.
 * @param fields the fields of the schema; by default the published ones.
 * @returns the first of the missing fields; null where the value has no such older layout.
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
