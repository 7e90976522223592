import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { isDigit } from '../../../../../functions/ingest/avro/plain-json/ascii.ts';

test('the bytes of 0 to 9 are digits, and no other byte and no missing one is', () => {
  const digits = Array.from({ length: 257 }, (_, index) => index - 1).filter(isDigit);
  deepStrictEqual(String.fromCharCode(...digits), '0123456789');
});
