import { strictEqual } from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { isUtf8Between } from '../../../../functions/ingest/bytes/utf8.ts';
import { within } from '../../../support/within.ts';

const check = (bytes: Buffer): void => {
  const { bytes: all, start, end } = within(bytes);
  strictEqual(isUtf8Between(all, start, end), isUtf8(bytes), bytes.toString('hex'));
};

test('each sequence of three bytes, and each edge of four, is UTF-8 exactly where Node says so', () => {
  const three = Buffer.alloc(3);
  for (let number = 0; number < 2 ** 24; number += 1) {
    three.writeUIntBE(number, 0, 3);
    if (isUtf8Between(three, 0, 3) !== isUtf8(three)) check(Buffer.from(three));
  }
  const edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
  for (let lead = 0xe0; lead <= 0xff; lead += 1)
    for (const second of edges)
      for (const third of edges)
        for (const fourth of edges) check(Buffer.of(lead, second, third, fourth));
});

test('any bytes, and any text that is cut anywhere, are UTF-8 exactly where Node says so', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => check(Buffer.from(bytes))));
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.nat(), (text, cut) => {
      const bytes = Buffer.from(text);
      check(bytes);
      check(bytes.subarray(0, cut % (bytes.length + 1)));
      check(bytes.subarray(cut % (bytes.length + 1)));
    }),
  );
});
