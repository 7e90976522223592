import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { Base64Arena } from '../../../../functions/ingest/bytes/base64-arena.ts';

/** Adds a record's key and value as the Kafka event has them, and tells whether each is base64. */
const add = (arena: Base64Arena, key: string | null, value: string | null) => {
  arena.begin((key?.length ?? 0) + (value?.length ?? 0));
  return { isKey: arena.addKey(key), isValue: arena.addValue(value) };
};

const hex = (bytes: Buffer | null | undefined): string | undefined => bytes?.toString('hex');

/** Adds records one after the other, and reads all of them at the end. */
const readBehind = (pairs: readonly (readonly [key: Buffer | null, value: Buffer | null])[]) => {
  const arena = new Base64Arena();
  const read = pairs.map(([key, value]) => {
    const added = add(arena, key?.toString('base64') ?? null, value?.toString('base64') ?? null);
    deepStrictEqual(added, { isKey: true, isValue: true });
    return [arena.key, arena.value] as const;
  });
  return { arena, read };
};

const bytes = fc.option(fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array)));

test('keys and values of any bytes, or none, are read as they were sent, also when others were added behind them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes)), (pairs) => {
      deepStrictEqual(
        readBehind(pairs).read.map((pair) => pair.map(hex)),
        pairs.map((pair) => pair.map(hex)),
      );
    }),
  );
});

test('keys and values of any size are kept whole, side by side', () => {
  const sizes = [0, 1, 30_000, 40_000, 65_536, 200_000, 3, 65_535, 100];
  const values = sizes.map((size) => randomBytes(size));
  const pairs = values.map((value, index) => [values.at(-index) ?? null, value] as const);
  for (const [index, [key, value]] of readBehind(pairs).read.entries())
    ok(hex(key) === hex(pairs[index]?.[0]) && hex(value) === hex(pairs[index]?.[1]), `${index}`);
});

test('small records share a buffer, and the key of each lies before its value', () => {
  const { arena } = readBehind([[Buffer.from('key'), Buffer.from('value')]]);
  const { bytes, keyStart, start, end } = arena;
  deepStrictEqual({ keyStart, start, end }, { keyStart: 0, start: 3, end: 8 });
  add(arena, 'aw==', null);
  strictEqual(arena.bytes, bytes);
});

test('base64 without its padding, or in the alphabet of URLs, is read', () => {
  for (const encoding of ['base64', 'base64url'] as const)
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const value = Buffer.from(array);
        const arena = new Base64Arena();
        ok(add(arena, null, value.toString(encoding).replaceAll('=', '')).isValue);
        deepStrictEqual(arena.value, value);
      }),
    );
});

/** Texts with a character, of one byte, that base64 has none of: Node leaves it out, and reads other bytes. */
const notBase64 = fc
  .tuple(
    fc.uint8Array({ maxLength: 30 }),
    fc.nat(),
    fc.nat(255).map((code) => String.fromCharCode(code)),
  )
  .filter(([, , character]) => !/[A-Za-z0-9+/=_-]/.test(character))
  .map(([array, place, character]) => {
    const text = Buffer.from(array).toString('base64');
    const at = place % (text.length + 1);
    return text.slice(0, at) + character + text.slice(at);
  });

test('a text with a byte that is not base64 is told, as a key and as a value', () => {
  fc.assert(
    fc.property(notBase64, (text) => {
      deepStrictEqual(add(new Base64Arena(), text, ''), { isKey: false, isValue: true });
      deepStrictEqual(add(new Base64Arena(), '', text), { isKey: true, isValue: false });
    }),
    { numRuns: 1_000 },
  );
});

test('a text that ends before its bytes do, or goes on behind its padding, is no base64', () => {
  for (const text of ['d', 'dmFsd', 'dmFs=dWU=', '===='])
    ok(!add(new Base64Arena(), null, text).isValue, text);
});

test('a record behind one that is no base64 is read as it was sent', () => {
  const arena = new Base64Arena();
  add(arena, 'd g', '!');
  ok(add(arena, 'aw==', 'dg==').isValue);
  deepStrictEqual([arena.key, arena.value], [Buffer.from('k'), Buffer.from('v')]);
});
