import { ok } from 'node:assert/strict';
import avro, { type Type } from 'avsc';
import { Cursor } from '../../functions/ingest/avro/cursor.ts';

/** What reads numbers, one in each step of every loop: a method of a cursor's prototype. */
type NumberReader = Readonly<Record<string, (this: unknown) => unknown>>;

/** The prototype of avsc's cursor, which it keeps to itself but for the types that read from one. */
const avscsCursor = ((): object => {
  const { StringType } = avro.types as unknown as { StringType: new () => object };
  let found: object | undefined;
  class Probe extends StringType {
    _read(tap: { readLong(): number }): string {
      found = Object.getPrototypeOf(tap);
      tap.readLong();
      return '';
    }
  }
  avro.Type.forSchema('string', { typeHook: () => new Probe() as object as Type }).fromBuffer(
    Buffer.of(0),
  );
  if (found === undefined) throw new Error('avsc reads strings in another way now');
  return found;
})();
export const ours = { prototype: Cursor.prototype, methods: ['long', 'bigLong'] };
export const avscs = { prototype: avscsCursor, methods: ['readLong', 'skipLong'] };

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
