/**
 * The steps of a scan through a writer's fields. Each step has three numbers: the operation, the field's first slot (counted from
 * the event's first), and an argument.
 */
export interface ScanProgram {
  readonly steps: Int32Array;
  /** The operation and the argument of each branch, for each union. */
  readonly branches: readonly Int32Array[];
  /** The functions that pass over values which are more than a fixed number of bytes, a number or a text. */
  readonly skips: readonly Skip[];
}

/**
 * Passes over a value.
 * @returns the offset of the next value; negative where the bytes are no such value.
 */
export type Skip = (bytes: Uint8Array, at: number, end: number) => number;

/** An operation with its argument. */
export type Operation = readonly [operation: number, argument: number];

/** The operations of a scan, with their arguments. */
export const op = {
  /** Reads a union. Argument: the index in `branches`. */
  union: 0,
  uuidText: 1,
  uuidBytes: 2,
  /** Reads a text. Argument: 1 where it is part of the row's key. */
  text: 3,
  blob: 4,
  /** Reads a time in milliseconds. */
  time: 5,
  /** Reads a time in smaller units. Argument: the number of units in a millisecond. */
  timeOfUnits: 6,
  map: 7,
  long: 8,
  /** Reads an int as a kind. Argument: 0 int, 1 bigint, 2 double. */
  int: 9,
  boolean: 10,
  double: 11,
  float: 12,
  /** Stores a null, which has no bytes. */
  null: 13,
  /** Stores the empty map of a null, which has no bytes. */
  emptyMap: 14,
  /** Stores the default of a field that the writer lacks. Argument: the field's index. */
  fallback: 15,
  /**
   * Passes over a value: `skipBytes` a number of bytes (argument), `skipLong` a number, `skipText` a text, `skip` by a function
   * (argument: its index in `skips`).
   */
  skipBytes: 16,
  skipLong: 17,
  skipText: 18,
  skip: 19,
  /** Leaves the value to the general decoder. */
  leave: 20,
} as const;

/** Builds the program of a writer's schema. */
export class ProgramBuilder {
  readonly #steps: number[] = [];
  readonly #branches: Int32Array[] = [];
  readonly #skips: Skip[] = [];

  /** Adds a step. @param slot the field's first slot, counted from the event's first. */
  add([operation, argument]: Operation, slot = 0): void {
    this.#steps.push(operation, slot, argument);
  }

  /** Adds a union. @returns the argument of the union's operation. */
  addUnion(branches: readonly Operation[]): number {
    this.#branches.push(Int32Array.from(branches.flat()));
    return this.#branches.length - 1;
  }

  /** Adds a function that passes over values. @returns its operation. */
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
