import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readUuid, uuidLength } from '../../../../functions/ingest/bytes/uuid-bytes.ts';
import { uuidText } from '../../../../functions/ingest/event/uuid-text.ts';

/** The bytes of the four words. */
const bytesOf = (words: Int32Array): Buffer => {
  const bytes = Buffer.alloc(16);
  for (const [index, word] of words.entries()) bytes.writeInt32BE(word, 4 * index);
  return bytes;
};

test('the text of any sixteen bytes, in lower and in upper case, between others, is read as these bytes', () => {
  const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(sixteen, fc.nat(9), fc.nat(9), fc.boolean(), (array, start, at, isUpper) => {
      const uuid = Buffer.from(array);
      const lower = uuidText(uuid, 0);
      const text = Buffer.from(`${'z'.repeat(start)}${isUpper ? lower.toUpperCase() : lower}z`);
      const into = new Int32Array(at + 5).fill(7);
      strictEqual(readUuid(text, start, into, at), true);
      deepStrictEqual(bytesOf(into.subarray(at, at + 4)), uuid);
      deepStrictEqual([...into.subarray(0, at), into[at + 4]], [...Array(at).fill(7), 7]);
    }),
  );
});

test('each byte at each place of a uuid’s text is taken exactly where the form of a uuid has it', () => {
  const form = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
  const into = new Int32Array(4);
  for (let place = 0; place < uuidLength; place += 1)
    for (let byte = 0; byte < 256; byte += 1) {
      const text = Buffer.from('01234567-89ab-cdef-ABCD-EF0123456789');
      text[place] = byte;
      const expected = form.test(text.toString('latin1'));
      strictEqual(readUuid(text, 0, into), expected, `byte ${byte} at place ${place}`);
    }
});
