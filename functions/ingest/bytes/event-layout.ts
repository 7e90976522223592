import type { Kind } from '../event/kinds.ts';
import type { EventPlan, Field } from '../event/plan.ts';
import { bytesOfValue, writeValue } from './write-value.ts';

/** The slot of a field's length where its value is null. */
export const nullLength = -1;

/** Slots of a field behind that of its length: the words of a number, or where its bytes are. */
const further: { readonly [K in Kind]: number } = {
  uuid: 4,
  text: 1,
  time: 2,
  map: 2,
  bigint: 2,
  int: 1,
  boolean: 1,
  double: 2,
  blob: 1,
};

const eventsOfAChunk = 512;

/**
 * Where the values of an event are kept as numbers. An event has a piece of an array that it shares with others: an array of its own
 * would take longer to make than the event to read.
 *
 * A field's first slot has the bytes that its value takes in a request, −1 where the value is null. Behind it a uuid has its four
 * words, a number its words (the higher first), a text or a blob where it begins, a map where its first entry begins and how many
 * entries it has. Texts, blobs and maps lie in the bytes of the event; where they begin below zero, in `defaults` (`positionIn`).
 */
export class EventLayout {
  readonly plan: EventPlan;
  /** Slots of an event. */
  readonly size: number;
  /** The bytes of the schema's defaults. */
  readonly defaults: Buffer;
  readonly #slotOf = new Map<Field, number>();
  readonly #defaultOf = new Map<Field, Int32Array>();
  #chunk = new Int32Array(0);
  #next = 0;

  constructor(plan: EventPlan) {
    this.plan = plan;
    let size = 0;
    for (const field of plan.fields) {
      this.#slotOf.set(field, size);
      size += 1 + further[field.kind];
    }
    this.size = size;

    const given = plan.fields.flatMap((field) =>
      field.fallback === undefined ? [] : [{ field, value: field.fallback }],
    );
    this.defaults = Buffer.alloc(
      given.reduce((sum, { field, value }) => sum + bytesOfValue(field.kind, value), 0),
    );
    let at = 0;
    for (const { field, value } of given) {
      const slots = new Int32Array(1 + further[field.kind]);
      const end = writeValue(field.kind, value, { slots, slot: 0, into: this.defaults, at });
      if (end > at) slots[1] = ~(slots[1] as number);
      at = end;
      this.#defaultOf.set(field, slots);
    }
  }

  /** A field's first slot, counted from the event's first. */
  slotOf(field: Field): number {
    return known(this.#slotOf.get(field), field);
  }

  /** The slots of a field's default. @throws where the schema gives none. */
  defaultOf(field: Field): Int32Array {
    return known(this.#defaultOf.get(field), field);
  }

  /** The array that the next event's numbers are written into, from `base` on. */
  get slots(): Int32Array {
    if (this.#next + this.size > this.#chunk.length) {
      this.#chunk = new Int32Array(this.size * eventsOfAChunk);
      this.#next = 0;
    }
    return this.#chunk;
  }

  /** The next event's first slot in `slots`, which is asked for before. */
  get base(): number {
    return this.#next;
  }

  /** Keeps what was written for the next event; the one after it has other slots. */
  keep(): void {
    this.#next += this.size;
  }
}

/** Turns where a value begins into a position: in the event's bytes, or from below zero in those of the defaults. */
export const positionIn = (begin: number): number => (begin < 0 ? ~begin : begin);

const known = <T>(value: T | undefined, field: Field): T => {
  if (value === undefined)
    throw new Error(`the layout of events has nothing for field ${field.name}`);
  return value;
};
