import { isUtf8 } from 'node:buffer';
import type { Rejection } from '../rejection.ts';
import type { UserEventFields } from '../user-event.ts';
import type { JsonShape } from './json-shape.ts';
import { uuidText } from './uuid-text.ts';

const openingBrace = 0x7b;

/**
 * Reads a value that the event source mapping has turned into JSON (`eventRecordFormat: JSON`); undefined where the bytes are no
 * JSON object. AWS calls it standard JSON and says no more, so Avro's own JSON encoding is read too, which wraps a union's
 * value ({"string": …}) and writes sixteen bytes as sixteen characters.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html
 */
export const readJson = (
  value: Buffer,
  { names, unitsOfMillisecond }: JsonShape,
): UserEventFields | Rejection | undefined => {
  const given = parse(value);
  if (given === undefined) return undefined;
  const field = (name: keyof UserEventFields): unknown =>
    names[name].map((one) => given.get(one)).find((one) => one !== undefined);

  const user_id = toUuid(field('user_id'));
  const event_type = toText(field('event_type'));
  const event_time = unwrapped(field('event_time'));
  const event_id = toUuid(field('event_id'));
  const metadata = toTexts(field('metadata') ?? {});
  if (user_id === undefined) return wrong('user_id', 'a text');
  if (event_type === undefined) return wrong('event_type', 'a text');
  if (!Number.isInteger(event_time)) return wrong('event_time', 'a whole number');
  if (event_id === undefined) return wrong('event_id', 'a text');
  if (metadata === undefined) return wrong('metadata', 'an object of texts');
  const milliseconds = Math.floor((event_time as number) / unitsOfMillisecond);
  return { user_id, event_type, event_time: milliseconds, event_id, metadata };
};

const parse = (value: Buffer): ReadonlyMap<string, unknown> | undefined => {
  if (value[0] !== openingBrace || !isUtf8(value)) return undefined;
  try {
    return new Map(Object.entries(JSON.parse(value.toString('utf8'))));
  } catch {
    return undefined;
  }
};

/** A value of a union, without its wrapping: no single value is an object of its own. */
const unwrapped = (value: unknown): unknown => {
  const [inner, ...others] =
    typeof value === 'object' && value !== null ? Object.values(value) : [value];
  return others.length === 0 ? inner : value;
};

/** Half a surrogate pair is no text: it could not be stored as it is. */
const toText = (value: unknown): string | undefined => {
  const text = unwrapped(value);
  return typeof text === 'string' && text.isWellFormed() ? text : undefined;
};

const toUuid = (value: unknown): string | undefined => {
  const text = toText(value);
  return text?.length === 16 ? uuidText(Buffer.from(text, 'latin1'), 0) : text;
};

const toTexts = (value: unknown): ReadonlyMap<string, string> | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === 'map' && typeof first[1] === 'object')
    return toTexts(first[1]);
  const texts = new Map<string, string>();
  for (const [key, item] of entries) {
    const text = toText(item);
    if (text === undefined || !key.isWellFormed()) return undefined;
    texts.set(key, text);
  }
  return texts;
};

const wrong = (field: string, rule: string): Rejection => ({
  reason: 'undecodable',
  detail: `the value is JSON whose ${field} is not ${rule}`,
});
