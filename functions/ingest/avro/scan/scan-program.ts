/**
 * What a scan does with a writer's fields, one after the other: three numbers a step, which are the operation, the field's first
 * slot (counted from the event's), and an argument.
 */
export interface ScanProgram {
  readonly steps: Int32Array;
  /** For each union the operation and the argument of each of its branches. */
  readonly branches: readonly Int32Array[];
  /** How values are passed over that take more than a length to know. */
  readonly skips: readonly Skip[];
}

/** Passes over a value. @returns where the next begins; below zero where the bytes are no such value. */
export type Skip = (bytes: Uint8Array, at: number, end: number) => number;

/** An operation with its argument. */
export type Operation = readonly [operation: number, argument: number];

/** The operations of a scan; what their arguments mean stands beside them. */
export const op = {
  /** A union: the argument says which. */
  union: 0,
  uuidText: 1,
  uuidBytes: 2,
  /** Argument: 1 where the text is part of the row's key. */
  text: 3,
  blob: 4,
  /** A time in milliseconds. */
  time: 5,
  /** A time in smaller units. Argument: how many make a millisecond. */
  timeOfUnits: 6,
  map: 7,
  long: 8,
  /** An int, as the argument's kind: 0 int, 1 bigint, 2 double. */
  int: 9,
  boolean: 10,
  double: 11,
  float: 12,
  /** A null, of which there are no bytes. */
  null: 13,
  /** The empty map, of which there are no bytes. */
  emptyMap: 14,
  /** What stands for a field that the writer has not. Argument: which default. */
  fallback: 15,
  /** Values that are passed over: a fixed number of bytes (the argument), a number, a text, or by a function (the argument). */
  skipBytes: 16,
  skipLong: 17,
  skipText: 18,
  skip: 19,
  /** What a scan leaves to the decoder of all values. */
  leave: 20,
} as const;

/** Puts the program of a writer's schema together. */
export class ProgramBuilder {
  readonly #steps: number[] = [];
  readonly #branches: Int32Array[] = [];
  readonly #skips: Skip[] = [];

  /** @param slot the field's first slot, counted from the event's. */
  add([operation, argument]: Operation, slot = 0): void {
    this.#steps.push(operation, slot, argument);
  }

  /** @returns the argument of the union's operation. */
  addUnion(branches: readonly Operation[]): number {
    this.#branches.push(Int32Array.from(branches.flat()));
    return this.#branches.length - 1;
  }

  /** @returns the operation that runs it. */
  addSkip(skip: Skip): Operation {
    this.#skips.push(skip);
    return [op.skip, this.#skips.length - 1];
  }

  build(): ScanProgram {
    return {
      steps: Int32Array.from(this.#steps),
      branches: this.#branches,
      skips: this.#skips,
    };
  }
}
