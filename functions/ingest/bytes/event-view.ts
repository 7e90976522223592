import type { Field } from '../event/plan.ts';
import type { FieldValue, UserEvent } from '../event/user-event.ts';
import { uuidText } from '../event/uuid-text.ts';
import { type EventLayout, nullLength, positionIn } from './event-layout.ts';
import { behindLength, textLength } from './text-length.ts';

/**
 * An event whose values stay in the bytes that they came in, and in numbers (event-layout.ts), until they are copied into a request.
 * They are made into objects only where somebody asks.
 */
export class EventView implements UserEvent {
  readonly layout: EventLayout;
  /** The bytes of its texts, blobs and maps. */
  readonly bytes: Buffer;
  /** Its numbers, and those of other events. */
  readonly slots: Int32Array;
  /** Its first slot. */
  readonly base: number;
  readonly eventTime: number;

  /** Positional parameters: an object of them would be one more for each event. */
  constructor(
    layout: EventLayout,
    bytes: Buffer,
    slots: Int32Array,
    base: number,
    eventTime: number,
  ) {
    this.layout = layout;
    this.bytes = bytes;
    this.slots = slots;
    this.base = base;
    this.eventTime = eventTime;
  }

  get kind(): 'event' {
    return 'event';
  }

  get(name: string): FieldValue {
    const field = this.layout.plan.fields.find((one) => one.name === name);
    if (field === undefined) throw new Error(`a UserEvent has no field ${name}`);
    return this.#valueOf(field);
  }

  toObject(): Record<string, FieldValue> {
    return Object.fromEntries(
      this.layout.plan.fields.map((field) => [field.name, this.#valueOf(field)] as const),
    );
  }

  get rowKey(): string {
    let key = `${this.eventTime}`;
    for (const field of this.layout.plan.rowKey) {
      const value = this.#valueOf(field);
      // The length stands before each value: a text may hold anything, and two rows must not have the same key.
      const text = Buffer.isBuffer(value) ? value.toString('latin1') : `${value}`;
      key += ` ${text.length} ${text}`;
    }
    return key;
  }

  #valueOf(field: Field): FieldValue {
    const { slots } = this;
    const at = this.base + this.layout.slotOf(field);
    const length = slots[at] as number;
    if (length === nullLength) return null;
    const first = slots[at + 1] as number;
    const second = slots[at + 2] as number;
    const bytes = first < 0 ? this.layout.defaults : this.bytes;
    const begin = positionIn(first);
    switch (field.kind) {
      case 'uuid':
        return uuidText(words(slots.subarray(at + 1, at + 5)), 0);
      case 'text':
        return bytes.toString('utf8', begin, begin + length);
      case 'blob':
        return bytes.subarray(begin, begin + length);
      case 'time':
        return first * 2 ** 32 + (second >>> 0);
      case 'bigint':
        return words(slots.subarray(at + 1, at + 3)).readBigInt64BE();
      case 'int':
        return first;
      case 'boolean':
        return first === 1;
      case 'double':
        return words(slots.subarray(at + 1, at + 3)).readDoubleBE();
      case 'map':
        return entriesAt(bytes, begin, second);
    }
  }
}

const words = (numbers: Int32Array): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, word] of numbers.entries()) bytes.writeInt32BE(word, 4 * index);
  return bytes;
};

const entriesAt = (bytes: Buffer, start: number, count: number): ReadonlyMap<string, string> => {
  const entries = new Map<string, string>();
  let at = start;
  const text = (): string => {
    const begin = behindLength(bytes, at);
    at = begin + textLength(bytes, at);
    return bytes.toString('utf8', begin, at);
  };
  for (let entry = 0; entry < count; entry += 1) {
    const key = text();
    entries.set(key, text());
  }
  return entries;
};
