import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ArenaRecord, valueRange } from '../../../../functions/ingest/bytes/arena-record.ts';
import { Base64Arena } from '../../../../functions/ingest/bytes/base64-arena.ts';
import { toBuffer } from '../../../../functions/ingest/bytes/byte-range.ts';
import { plain, record } from '../../../support/records.ts';

const recordIn = (arena: Base64Arena): ArenaRecord =>
  new ArenaRecord('page-views', 3, 7, 1_700_000_000_000, [], undefined, arena);

/** Records of these keys and values, all in one arena. */
const recordsOf = (pairs: readonly (readonly [key: Buffer | null, value: Buffer | null])[]) => {
  const arena = new Base64Arena();
  return pairs.map(([key, value]) => {
    arena.begin(4 * ((key?.length ?? 0) + (value?.length ?? 0) + 2));
    arena.addKey(key?.toString('base64') ?? null);
    arena.addValue(value?.toString('base64') ?? null);
    return recordIn(arena);
  });
};

const hex = (bytes: Buffer | null | undefined): string | undefined => bytes?.toString('hex');

const bytes = fc.option(fc.uint8Array().map((array) => Buffer.from(array)));

test('each record of an arena has its own key and value, or none, however many are added behind it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes)), (pairs) => {
      deepStrictEqual(
        recordsOf(pairs).map(({ key, value }) => [key, value]),
        pairs,
      );
    }),
  );
});

test('the value of a record is found where it lies, and a tombstone has none', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes)), (pairs) => {
      for (const [index, one] of recordsOf(pairs).entries()) {
        const range = valueRange(one);
        strictEqual(hex(range && toBuffer(range)), hex(pairs[index]?.[1]));
        if (range !== null) strictEqual(range.bytes, one.bytes);
      }
    }),
  );
});

test('the value of a record that is in no arena is found too', () => {
  const value = Buffer.from('value');
  deepStrictEqual(valueRange(record({ value })), { bytes: value, start: 0, end: 5 });
  strictEqual(valueRange(record({ value: null })), null);
});

test('a record in an arena has its position, its time, its headers and what validated it', () => {
  const arena = new Base64Arena();
  const headers = [{ name: 'trace', value: Buffer.of(1) }];
  const validatedBy = { dataFormat: 'AVRO', schemaId: '42' };
  deepStrictEqual(plain(new ArenaRecord('page-views', 3, 7, -1, headers, validatedBy, arena)), {
    topic: 'page-views',
    partition: 3,
    offset: 7,
    timestamp: -1,
    key: null,
    value: null,
    headers,
    validatedBy,
  });
});
