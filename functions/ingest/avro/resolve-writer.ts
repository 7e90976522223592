import type { EventLayout } from '../bytes/event-layout.ts';
import type { EventPlan, Field } from '../event/plan.ts';
import type { FieldValue, FieldValues } from '../event/user-event.ts';
import { shown } from '../schema-registry/schema-text.ts';
import { type Conversion, conversionOf, readableBranches } from './convert.ts';
import { DecodeFailure } from './decode-failure.ts';
import { jsonRecord } from './json/json-record.ts';
import { jsonNoEntries, type ReadJson, readEither, readUnionJson } from './json/json-types.ts';
import { op, ProgramBuilder, type ScanProgram } from './scan/scan-program.ts';
import { createSkips } from './scan/skip.ts';
import { SchemaError } from './schema/schema-text.ts';
import {
  describeType,
  kindOfType,
  parseSchema,
  type SchemaField,
  type SchemaType,
  takesBytes,
  underlying,
} from './schema/schema-type.ts';
import type { StrictTap } from './schema/strict-tap.ts';

/** How the values of one writer's schema are read. */
export interface ResolvedSchema {
  readonly kind: 'resolved';
  /** Scans values that are plain; null where the schema is a union of records. */
  readonly program: ScanProgram | null;
  /** Reads any value. @throws {DecodeFailure} where it is none. */
  read(tap: StrictTap): FieldValues;
  /** Reads any value that the event source mapping has turned into JSON. */
  readonly json: ReadJson<FieldValues>;
}

/**
 * Finds how values of a writer's schema are read as the reader's event, by Avro's rules of resolution: fields are matched by name,
 * then by the reader's aliases; what only the writer has is passed over, what only the reader has takes its default.
 * https://avro.apache.org/docs/1.12.0/specification/#schema-resolution
 * @throws {SchemaError} where they cannot, with both schemas' names and the path.
 */
export const resolveWriter = (schema: SchemaType, layout: EventLayout): ResolvedSchema => {
  try {
    if (kindOfType(schema) !== 'union') return resolveRecord(schema, layout);
    return resolveUnion(underlying(schema).types ?? [], layout);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new SchemaError(
      `the writer’s ${describeType(schema)} cannot be read as record ${shown(layout.plan.name)}: ${error.message}`,
    );
  }
};

const resolveUnion = (types: readonly SchemaType[], layout: EventLayout): ResolvedSchema => {
  const branches = readableBranches(types, '$', (type) => resolveRecord(type, layout));
  const json = readUnionJson(
    branches.map(({ type, found, why }) => ({ type, json: found?.json ?? null, why })),
  );
  return {
    kind: 'resolved',
    program: null,
    json: (value) => readEither(json, value),
    read: (tap) => {
      const branch = branches[tap.readLong()];
      if (branch?.found) return branch.found.read(tap);
      throw new DecodeFailure(branch?.why ?? '$ has no such branch');
    },
  };
};

const resolveRecord = (schema: SchemaType, layout: EventLayout): ResolvedSchema => {
  const { plan } = layout;
  const written = matchingRecord(schema, plan);
  const program = new ProgramBuilder();
  const skipOf = createSkips(program);
  const matches = matchFields(written, plan);
  const steps: ((tap: StrictTap, into: Record<string, FieldValue>) => void)[] = [];
  const conversions = new Map<Field, Conversion>();
  for (const { name, type } of written) {
    const field = matches.get(name);
    if (field === undefined) {
      if (!takesBytes(type)) continue;
      program.add(skipOf(type));
      steps.push((tap) => type._skip(tap));
      continue;
    }
    const path = `$.${field.name}`;
    const conversion = conversionOf(type, { ...field, path, program });
    conversions.set(field, conversion);
    program.add(conversion.scan, layout.slotOf(field));
    steps.push((tap, into) => {
      into[field.name] = conversion.read(tap);
    });
  }
  const defaults: Record<string, FieldValue> = {};
  for (const [index, field] of plan.fields.entries()) {
    if (conversions.has(field)) continue;
    if (field.fallback === undefined)
      throw new SchemaError(
        `the writer has no field ${shown(field.name)}, and the reader no default for it`,
      );
    defaults[field.name] = field.fallback;
    program.add([op.fallback, index], layout.slotOf(field));
  }
  const names = new Map([...matches].map(([name, field]) => [field, name]));
  return {
    kind: 'resolved',
    program: program.build(),
    json: jsonRecord(
      plan.fields.map((field) => ({
        name: field.name,
        names: [names.get(field) ?? field.name],
        json: conversions.get(field)?.json,
        fallback: field.fallback,
      })),
    ),
    read: (tap) => {
      const fields = { ...defaults };
      for (const step of steps) step(tap, fields);
      return fields;
    },
  };
};

/** Makes avsc's types of the reader's own schema. */
export const parseReader = ({ schema }: EventPlan): SchemaType =>
  parseSchema({ text: JSON.stringify(schema), references: [] });

/**
 * Reads the JSON of values whose writer's schema is not known, or not Avro: by the reader's own names, aliases and types, each value
 * by itself and not wrapped. A map that is null is empty, for the writer may have had a union there.
 */
export const readersJson = ({ plan }: EventLayout): ReadJson<FieldValues> => {
  const { fields = [] } = parseReader(plan);
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const program = new ProgramBuilder();
  return jsonRecord(
    plan.fields.map((field) => {
      const { name, aliases, kind, fallback } = field;
      const type = types.get(name) as SchemaType;
      const { json } = conversionOf(type, { ...field, path: `$.${name}`, program });
      return {
        name,
        names: [name, ...aliases],
        json: (value) =>
          value === null && kind === 'map' && !field.nullable
            ? jsonNoEntries(value)
            : json(value, 'plain'),
        fallback,
      };
    }),
  );
};

/** The fields of a record whose name, without the namespace, is the reader's or an alias of it. */
const matchingRecord = (
  writer: SchemaType,
  { name, aliases }: EventPlan,
): readonly SchemaField[] => {
  const { fields, name: given = '' } = underlying(writer);
  if (fields === undefined) throw new SchemaError(`$ is ${describeType(writer)}, not a record`);
  if (![name, ...aliases].map(withoutNamespace).includes(withoutNamespace(given)))
    throw new SchemaError(
      `the records’ names differ, and the reader’s has no alias ${shown(withoutNamespace(given))}`,
    );
  return fields;
};

const withoutNamespace = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** The reader's fields by the names that the writer has for them. */
const matchFields = (
  written: readonly SchemaField[],
  { fields }: EventPlan,
): ReadonlyMap<string, Field> => {
  const names = new Set(written.map(({ name }) => name));
  return new Map(
    fields.flatMap((field) => {
      const found = [field.name, ...field.aliases].find((name) => names.has(name));
      return found === undefined ? [] : [[found, field] as const];
    }),
  );
};
