import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { hexLines } from '../../../../cli/rejected/hex-lines.ts';

test('bytes are drawn as hexadecimal digits and their printable ASCII characters, within 80 columns', () => {
  deepStrictEqual(hexLines(Buffer.from('a\u001b[2J{"user_id":"x"}\u00e9')), [
    '000000  61 1b 5b 32 4a 7b 22 75 73 65 72 5f 69 64 22 3a  a.[2J{"user_id":',
    '000010  22 78 22 7d c3 a9                                "x"}..',
  ]);
  deepStrictEqual(hexLines(Buffer.alloc(0)), []);
});

test('a long value is drawn in part, with the number of bytes that are left out', () => {
  const lines = hexLines(Buffer.alloc(100_000));
  strictEqual(lines.length, 33);
  match(lines.at(-1) ?? '', /^… 99,488 more bytes/);
});
