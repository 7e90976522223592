import type { EventLayout } from '../bytes/event-layout.ts';
import type { WireFormat } from './framing/wire-format.ts';
import { parseReader, type ResolvedSchema, resolveWriter } from './resolve-writer.ts';
import { SchemaError } from './schema/schema-reader.ts';
import {
  describeType,
  kindOfType,
  logicalTypeOf,
  parseSchema,
  type SchemaField,
  type SchemaType,
  takesBytes,
  underlying,
} from './schema/schema-type.ts';

/**
 * Resolves the schemas of bare values: the reader's and the schemas before it. A bare value does not name its schema. Each schema
 * is therefore tried to the value's last byte, and no value may be complete under two schemas.
 * @param older the schemas before the reader's, in Avro's JSON, the newest first.
 * @throws {SchemaError} where a value could belong to two schemas, a schema does not resolve, or a value could be taken for one
 * with a registry's header.
 */
export const bareLayouts = (
  layout: EventLayout,
  older: readonly unknown[],
  wireFormat: WireFormat,
): readonly ResolvedSchema[] => {
  const types = [
    parseReader(layout.plan),
    ...older.map((schema, index) =>
      named(index + 1, () => parseSchema({ text: JSON.stringify(schema), references: [] })),
    ),
  ];
  for (const [index, type] of types.entries()) {
    if (underlying(type).fields === undefined)
      throw new SchemaError(`${called(index)} is ${describeType(type)}, not a record`);
    for (const [before, other] of types.slice(0, index).entries()) {
      const fault = ambiguity(other, type);
      if (fault !== null)
        throw new SchemaError(
          `bare values of ${called(index)} could be taken for those of ${called(before)}: ${fault}`,
        );
    }
    if (wireFormat === 'auto') checkBeginning(type, called(index), layout);
  }
  return types.map((type, index) => named(index, () => resolveWriter(type, layout)));
};

/** Runs a step for one of the schemas, and names the schema in its error. */
const named = <T>(index: number, make: () => T): T => {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new SchemaError(`${called(index)}: ${error.message}`);
  }
};

const called = (index: number): string =>
  index === 0
    ? 'schema/user-event.avsc.json'
    : `the ${ordinal(index)} schema of "bare" in schema/writer-schemas.json`;

const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

const ordinal = (index: number): string => {
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(index);
  return `${index}${endings[rule] ?? 'th'}`;
};

/**
 * Explains how one value could be complete under two schemas; returns null where none can. In Avro's encoding no value begins
 * with another complete value of the same type. Two schemas are therefore distinct where one continues after the other's end.
 * They are also distinct where the fields that first differ have disjoint first bytes.
 */
const ambiguity = (one: SchemaType, other: SchemaType): string | null => {
  const fields = written(one);
  const others = written(other);
  const length = Math.min(fields.length, others.length);
  for (let index = 0; index < length; index += 1) {
    const [field, before] = [fields[index] as SchemaField, others[index] as SchemaField];
    if (wireForm(field.type, []) === wireForm(before.type, [])) continue;
    if (areDisjoint(firstBytes(field), firstBytes(before))) return null;
    return `field ${index + 1} (${before.name}) may begin with the same bytes as ${field.name}; add new fields at the end`;
  }
  return fields.length === others.length
    ? 'their fields have the same types in the same order'
    : null;
};

/** Lists the fields of a record whose values have at least one byte: the other fields leave nothing in a value. */
const written = (type: SchemaType): readonly SchemaField[] =>
  (underlying(type).fields ?? []).filter((field) => takesBytes(field.type));

/**
 * Describes a type by the bytes of its values: text and bytes are equal, and so are int and long.
 * @param around the enclosing types, from the inside out. A type that contains itself is named by its index among them.
 */
const wireForm = (given: SchemaType, around: readonly SchemaType[]): string => {
  const type = underlying(given);
  const kind = kindOfType(type);
  const outside = around.indexOf(type);
  if (outside >= 0) return `^${outside}`;
  const { size, fields, types, itemsType, valuesType } = type;
  if (kind === 'bytes') return 'string';
  if (kind === 'int' || kind === 'enum') return 'long';
  if (size !== undefined) return `fixed(${size})`;
  const inner =
    fields?.map((field) => field.type) ??
    types ??
    [itemsType ?? valuesType].filter((one) => one !== undefined);
  if (inner.length === 0) return kind;
  return `${kind}(${inner.map((one) => wireForm(one, [type, ...around])).join(',')})`;
};

/**
 * Checks the first byte of bare values. What passes begins with the length of a text. So it never begins with 0x7b, the brace of
 * JSON, which would be a negative length.
 * @throws {SchemaError} where it may be a byte that `WIRE_FORMAT=auto` takes for a registry's header.
 */
const checkBeginning = (type: SchemaType, schema: string, { plan }: EventLayout): void => {
  const [first] = written(type);
  if (first === undefined) return;
  const isKey = plan.fields.some(
    ({ name, aliases, isKey: inKey }) => inKey && [name, ...aliases].includes(first.name),
  );
  const [byte] = headerBytes(first.type, isKey);
  if (byte !== undefined)
    throw new SchemaError(
      `a bare value of ${schema} may begin with the byte ${byte}, for its first field ${first.name} is ${describeType(first.type)}, ` +
        'and WIRE_FORMAT=auto takes it for a registry’s header: set WIRE_FORMAT to bare, confluent, glue or json, or put another field first',
    );
};

/**
 * Lists the first bytes of a registry's header (`wire-format.ts`) that a value of the type may begin with. A text begins with its
 * length, and a key's text is not empty; 1 and 3 are negative numbers.
 */
const headerBytes = (type: SchemaType, isKey: boolean): readonly number[] => {
  const kind = kindOfType(type);
  if (kind === 'string' || kind === 'bytes')
    return isKey || logicalTypeOf(type) === 'uuid' ? [] : [0];
  return kind === 'union' || kind === 'enum' ? [0] : [0, 1, 3];
};

/** Lists the possible first bytes of a field's values; returns null where any byte is possible. */
const firstBytes = ({ type }: SchemaField): ReadonlySet<number> | null => {
  if (kindOfType(type) === 'string' && logicalTypeOf(type) === 'uuid') return new Set([0x48]);
  if (kindOfType(type) === 'boolean') return new Set([0, 1]);
  const branches = underlying(type).types;
  return branches === undefined ? null : new Set(branches.map((_, index) => firstByte(index)));
};

/** Computes the first byte of a non-negative number. */
const firstByte = (number: number): number =>
  number < 2 ** 6 ? 2 * number : 0x80 | ((2 * number) & 0x7f);

const areDisjoint = (one: ReadonlySet<number> | null, other: ReadonlySet<number> | null): boolean =>
  one !== null && other !== null && ![...one].some((byte) => other.has(byte));
