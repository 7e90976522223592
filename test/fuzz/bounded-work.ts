import { ok } from 'node:assert/strict';
import utils from 'avsc/lib/utils.js';
import { StrictTap } from '../../functions/ingest/avro/schema/strict-tap.ts';

/** A prototype of a tap, whose methods read a number in each step of every loop. */
type NumberReader = Readonly<Record<string, (this: unknown) => unknown>>;

/** The function's tap, whose `readInt` calls `readLong`. */
export const ours = {
  prototype: StrictTap.prototype,
  methods: ['readLong', 'skipLong', 'skipInt'],
};
/** avsc's own tap, of which the function's is a strict version. */
export const avscs = { prototype: utils.Tap.prototype, methods: ['readLong', 'skipLong'] };

class TooMuchWork extends Error {}

/**
 * Counts the numbers that are read with a value. Each step of a loop reads one, and none takes less than a byte. So a value has at
 * most as many as bytes, and a few that are read past its end. An endless loop is stopped.
 */
export const withBoundedWork = <T>(
  bytes: number,
  { prototype, methods }: { readonly prototype: object; readonly methods: readonly string[] },
  read: () => T,
): T => {
  const originals = methods.map((name) => [name, (prototype as NumberReader)[name]] as const);
  let left = bytes + 16;
  const counted = originals.map(([name, original]) => [
    name,
    function (this: unknown) {
      left -= 1;
      if (left < 0) throw new TooMuchWork();
      return original?.call(this);
    },
  ]);
  Object.assign(prototype, Object.fromEntries(counted));
  try {
    const result = read();
    // The decoder turns a thrown error into a rejection, so the check stands here.
    ok(left >= 0, `reading ${bytes} bytes takes more steps than bytes`);
    return result;
  } finally {
    Object.assign(prototype, Object.fromEntries(originals));
  }
};

/** The greatest number of reads of a byte by a scan: as a byte, as a character, and in a comparison with each of fifteen earlier keys. */
const readsOfAByte = 2 + 2 * 15;

/**
 * Makes bytes whose reads are counted. A scan calls no function for a number, and reads no byte more than a few times. An endless
 * loop is stopped.
 * @param bytes the bytes that contain the value.
 */
export const withBoundedReads = (all: Buffer, bytes: number): Buffer => {
  let left = readsOfAByte * (bytes + 16);
  const take = (count: number): void => {
    left -= count;
    if (left < 0) throw new TooMuchWork(`scanning ${bytes} bytes takes too many reads`);
  };
  return new Proxy(all, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key, target);
      if (typeof found !== 'function') {
        if (typeof found === 'number' || found === undefined) take(1);
        return found;
      }
      return (...given: readonly number[]) => {
        take(key === 'subarray' ? (given[1] ?? 0) - (given[0] ?? 0) : 8);
        return found.apply(target, given);
      };
    },
  });
};
