import { isUtf8 } from 'node:buffer';
import type { Values } from './read-avro.ts';
import type { FieldType, SchemaField, Value } from './schema-fields.ts';

/** The source of a value in JSON: a text, a word or a number as it is written, or the members of an object. */
type Source = string | readonly (readonly [key: string, value: Source])[];

/**
 * Reads the plain JSON of an event, so that the function's scanner does not vouch for itself: `JSON.parse` checks the syntax, and a
 * pattern cuts the text.
 * @returns null unless the bytes are an object of the fields. A time that is none is NaN.
 */
export const readJson = (fields: readonly SchemaField[], bytes: Buffer): Values | null => {
  const source = isUtf8(bytes) ? sourceOf(bytes.toString('utf8')) : null;
  if (source === null || typeof source === 'string') return null;
  const values: Record<string, Value> = {};
  for (const [key, value] of source) {
    const field = fields.find(({ name, aliases }) =>
      [name, ...aliases].includes(textOf(key) ?? ''),
    );
    if (field === undefined || Object.hasOwn(values, field.name)) return null;
    const read = readValue(field, value);
    if (read === undefined) return null;
    values[field.name] = read;
  }
  for (const { name, fallback } of fields) {
    if (Object.hasOwn(values, name)) continue;
    if (fallback === undefined) return null;
    values[name] = fallback;
  }
  return values;
};

/** Cuts a text into its parts: texts with their quotes, numbers and words, and signs. */
const part = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** Takes a JSON text apart, one level of objects within an object at the most. */
const sourceOf = (text: string): Source | null => {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const parts: readonly string[] = text.match(part) ?? [];
  if (parts.includes('[')) return null;
  let at = 0;
  const next = (depth: number): Source | null => {
    const first = parts[at] as string;
    at += 1;
    if (first !== '{') return first;
    if (depth === 2) return null;
    const members: [string, Source][] = [];
    while (parts[at] !== '}') {
      const key = parts[at] as string;
      at += 2;
      const value = next(depth + 1);
      if (value === null) return null;
      members.push([key, value]);
      if (parts[at] === ',') at += 1;
    }
    at += 1;
    return members;
  };
  return next(0);
};

/** Reads a text with its quotes; null where it is no text, or has half a surrogate pair. */
const textOf = (source: Source): string | null => {
  if (typeof source !== 'string' || !source.startsWith('"')) return null;
  const text: string = JSON.parse(source);
  return text.isWellFormed() ? text : null;
};

/** Reads a field's value: undefined where it has another type, NaN for a time that is none. */
const readValue = ({ type, nullAt }: SchemaField, source: Source): Value | undefined => {
  if (source === 'null') return nullAt !== null ? null : type === 'map' ? new Map() : undefined;
  if (typeof source !== 'string') return type === 'map' ? entriesOf(source) : undefined;
  const text = textOf(source);
  return source.startsWith('"')
    ? text === null
      ? undefined
      : fromText[type]?.(text)
    : fromOther[type]?.(source);
};

const entriesOf = (source: Exclude<Source, string>): Value | undefined => {
  const entries = source.map(([key, value]) => [textOf(key), textOf(value)] as const);
  const map = new Map(entries as readonly (readonly [string, string])[]);
  return map.size === entries.length && entries.flat().every((one) => one !== null)
    ? map
    : undefined;
};

const isWhole = (source: string): boolean => /^-?\d+$/.test(source);
const isNumber = (source: string): boolean => /^[-\d]/.test(source);

const fromText: { readonly [T in FieldType]?: (text: string) => Value | undefined } = {
  uuid: (text) => text,
  string: (text) => text,
  time: (text) => timeOf(text),
  long: (text) => {
    if (!/^-?(0|[1-9]\d*)$/.test(text)) return undefined;
    const number = BigInt(text);
    return number >= -(2n ** 63n) && number < 2n ** 63n ? number : undefined;
  },
  bytes: (text) => {
    const bytes = Buffer.from(text, 'base64');
    return [bytes.toString('base64'), bytes.toString('base64url')].includes(text)
      ? bytes
      : undefined;
  },
};

const fromOther: { readonly [T in FieldType]?: (source: string) => Value | undefined } = {
  time: (source) =>
    isNumber(source) ? (isWhole(source) ? Number(source) + 0 : Number.NaN) : undefined,
  long: (source) =>
    isWhole(source) && Number.isSafeInteger(Number(source)) ? BigInt(source) : undefined,
  int: (source) => {
    const number = Number(source);
    return isWhole(source) && number >= -(2 ** 31) && number < 2 ** 31 ? number + 0 : undefined;
  },
  double: (source) => {
    const number = Number(source);
    return isNumber(source) && Number.isFinite(number) ? number : undefined;
  },
  boolean: (source) => (source === 'true' ? true : source === 'false' ? false : undefined),
};

/** Reads a time with its time zone in milliseconds, rounded down; NaN where the text is none. */
const timeOf = (text: string): number => {
  const match =
    /^(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3])(?::[0-5]\d){2})(?:\.(\d{1,9}))?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d))$/.exec(
      text,
    );
  const [, local = '', fraction = '', offset = '+00:00'] = match ?? [];
  const time = Date.parse(`${local}Z`);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(local)) return Number.NaN;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  return time + milliseconds - (offset.startsWith('-') ? -minutes : minutes) * 60_000;
};
