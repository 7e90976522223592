import type { EventLayout } from '../bytes/event-layout.ts';
import type { WireFormat } from './framing/wire-format.ts';
import { parseReader, type ResolvedSchema, resolveWriter } from './resolve-writer.ts';
import { SchemaError } from './schema/schema-text.ts';
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
 * Finds how bare values are read: by the reader's schema, or by one of those before it. A bare value does not say which, so each is
 * tried to the value's last byte, and no value may be whole by two of them.
 * @param older the schemas before the reader's, in Avro's JSON, the newest first.
 * @throws {SchemaError} where a value could be one of two schemas, a schema does not resolve, or a value could be taken for one with
 * a registry's header.
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

/** Does something with one of the schemas, whose error then says which. */
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
 * Tells why one value could be whole by two schemas; null where none can. Avro's encoding has no value that begins another of the same
 * type. So two schemas are told apart where one goes on behind the other's end, or where they first differ and the first bytes that
 * each may have there do.
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

/** The fields of a record whose values take a byte at least: of the others nothing is in a value. */
const written = (type: SchemaType): readonly SchemaField[] =>
  (underlying(type).fields ?? []).filter((field) => takesBytes(field.type));

/**
 * A type as its values' bytes have it: text and bytes are the same, and so are int and long.
 * @param around the types that it is a part of: one that contains itself is named by how far outside it stands.
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

/** @throws {SchemaError} where a value may begin with a byte that `WIRE_FORMAT=auto` takes for a registry's header. */
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
        'and WIRE_FORMAT=auto takes it for a registry’s header: set WIRE_FORMAT to bare, confluent or glue, or put another field first',
    );
};

/**
 * Which of the bytes that a registry's header begins with (`wire-format.ts`) a value may begin with. A text begins with its length, and
 * a key's text is not empty; 1 and 3 are numbers below zero.
 */
const headerBytes = (type: SchemaType, isKey: boolean): readonly number[] => {
  const kind = kindOfType(type);
  if (kind === 'string' || kind === 'bytes')
    return isKey || logicalTypeOf(type) === 'uuid' ? [] : [0];
  return kind === 'union' || kind === 'enum' ? [0] : [0, 1, 3];
};

/** The first bytes that a field's values may have; null where any. */
const firstBytes = ({ type }: SchemaField): ReadonlySet<number> | null => {
  if (kindOfType(type) === 'string' && logicalTypeOf(type) === 'uuid') return new Set([0x48]);
  if (kindOfType(type) === 'boolean') return new Set([0, 1]);
  const branches = underlying(type).types;
  return branches === undefined ? null : new Set(branches.map((_, index) => firstByte(index)));
};

/** The first byte of a number that is not below zero. */
const firstByte = (number: number): number =>
  number < 2 ** 6 ? 2 * number : 0x80 | ((2 * number) & 0x7f);

const areDisjoint = (one: ReadonlySet<number> | null, other: ReadonlySet<number> | null): boolean =>
  one !== null && other !== null && ![...one].some((byte) => other.has(byte));
