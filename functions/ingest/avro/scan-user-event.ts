import { isReadable } from '../readable-time.ts';
import type { Span } from '../span.ts';
import { longestEventType } from '../user-event.ts';
import { readUuid, uuidLength } from '../uuid-bytes.ts';
import type { AvroType } from './avro-schema.ts';
import { Cursor } from './cursor.ts';
import { unitsOfMillisecond } from './field-types.ts';
import { Places, ScannedEvent } from './scanned-event.ts';
import { isUtf8Between } from './utf8.ts';

/** Bytes of a text's length: of longer ones, which are longer than they need be, the general decoder takes care. */
const longestLength = 4;

/** A key takes a byte at least, and so does a value. */
const smallestEntry = 2;

/** Keys are compared with one another: of more entries the general decoder makes a map. */
const mostEntries = 16;

const cursor = new Cursor();

/**
 * Checks a value of the published layout without taking it apart. Whatever is not plain is left to the decoder of all schemas (null):
 * every fault, for it has the words for it; and what is rare.
 */
export const scanUserEvent = (value: Span, start: number): ScannedEvent | null => {
  try {
    cursor.open(value, start);
    return scan(value.bytes);
  } catch {
    return null;
  }
};

/** Where the keys of the value at hand begin, and their lengths. */
const keyStarts = new Uint32Array(mostEntries);
const keyLengths = new Uint32Array(mostEntries);

/** Of the value at hand. */
const places = new Places();

const scan = (value: Buffer): ScannedEvent | null => {
  const userId = uuid(value, places.userWords);
  const typeLength = text(value);
  if (userId === -1 || typeLength < 1 || typeLength > longestEventType) return null;
  const type = cursor.position - typeLength;
  const eventTime = cursor.long();
  if (!isReadable(eventTime)) return null;
  const eventId = uuid(value, places.eventWords);
  const count = cursor.blockCount(smallestEntry);
  if (eventId === -1 || count > mostEntries) return null;
  const entries = cursor.position;
  let textLength = 0;
  for (let index = 0; index < count; index += 1) {
    const keyLength = text(value);
    if (keyLength === -1 || !isNewKey(value, index, keyLength)) return null;
    const length = text(value);
    if (length === -1) return null;
    textLength += keyLength + length;
  }
  if (count !== 0 && cursor.long() !== 0) return null;
  if (cursor.remaining !== 0) return null;
  places.userId = userId;
  places.type = type;
  places.typeLength = typeLength;
  places.eventId = eventId;
  places.entries = entries;
  places.count = count;
  places.textLength = textLength;
  return new ScannedEvent(value, eventTime, places);
};

/** Where a uuid's text begins, or −1. */
const uuid = (value: Buffer, into: Int32Array): number => {
  if (cursor.long() !== uuidLength) return -1;
  const start = cursor.position;
  cursor.skip(uuidLength);
  return readUuid(value, start, into) ? start : -1;
};

/** How many bytes the next text has, which is passed over, or −1. */
const text = (value: Buffer): number => {
  const before = cursor.position;
  const length = cursor.long();
  const start = cursor.position;
  if (start - before > longestLength) return -1;
  cursor.skip(length);
  return isUtf8Between(value, start, start + length) ? length : -1;
};

/** Of a key that comes twice the last value counts: not plain. */
const isNewKey = (value: Buffer, index: number, length: number): boolean => {
  const start = cursor.position - length;
  keyStarts[index] = start;
  keyLengths[index] = length;
  for (let earlier = 0; earlier < index; earlier += 1) {
    if (keyLengths[earlier] !== length) continue;
    const other = keyStarts[earlier] as number;
    let at = 0;
    while (at < length && value[other + at] === value[start + at]) at += 1;
    if (at === length) return false;
  }
  return true;
};

/** Whether a writer's values are laid out as the published schema's: the same fields in the same order, of the same types. */
export const isPublishedLayout = (type: AvroType): boolean => {
  if (type.kind !== 'record' || type.fields.length !== layout.length) return false;
  return type.fields.every((field, index) => {
    const [name, isOfType] = layout[index] as (typeof layout)[number];
    return field.name === name && isOfType(field.type);
  });
};

const isString = ({ kind }: AvroType): boolean => kind === 'string';

const layout: readonly (readonly [string, (type: AvroType) => boolean])[] = [
  ['user_id', isString],
  ['event_type', isString],
  ['event_time', (type) => type.kind === 'long' && unitsOfMillisecond(type) === 1],
  ['event_id', isString],
  ['metadata', (type) => type.kind === 'map' && isString(type.values)],
];
