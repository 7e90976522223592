import { ok } from 'node:assert/strict';
import utils from 'avsc/lib/utils.js';
import { StrictTap } from '../../functions/ingest/avro/schema/strict-tap.ts';

/** What reads numbers, one in each step of every loop: a method of a tap's prototype. */
type NumberReader = Readonly<Record<string, (this: unknown) => unknown>>;

/** The function's tap. Its `readInt` calls `readLong`. */
export const ours = {
  prototype: StrictTap.prototype,
  methods: ['readLong', 'skipLong', 'skipInt'],
};
/** avsc's own, which the function's is made strict of. */
export const avscs = { prototype: utils.Tap.prototype, methods: ['readLong', 'skipLong'] };

class TooMuchWork extends Error {}

/**
 * Counts the numbers that reading a value takes: there is one in each step of every loop, and none takes less than a
 * byte, so a value has as many as bytes, and the few that are read past its end. A loop without end ends here.
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
    // The decoder makes a rejection of what is thrown in it.
    ok(left >= 0, `reading ${bytes} bytes takes more steps than bytes`);
    return result;
  } finally {
    Object.assign(prototype, Object.fromEntries(originals));
  }
};

/** Reads of a byte by a scan: once as such, once as a character, and as a part of a key for each of the fifteen keys before it. */
const readsOfAByte = 2 + 2 * 15;

/**
 * Stands for bytes whose reads are counted: a scan, which calls nothing for a number, reads none of them more often than a few times.
 * A loop without end ends here.
 * @param bytes of the value, which is a part of them.
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
