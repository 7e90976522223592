import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { inflate } from '../../../../../functions/ingest/avro/framing/inflate.ts';

const inflated = (compressed: Buffer): Buffer | string => {
  const result = inflate(compressed);
  return 'reason' in result ? `${result.reason}: ${result.detail}` : result;
};
const beyond = (most: number): string =>
  `undecodable: the zlib-compressed value cannot be inflated: it grows beyond ${most} bytes`;

test('a value that zlib has compressed is inflated, an empty one too', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('text '.repeat(1_000))])
    deepStrictEqual(inflated(deflateSync(bytes)), bytes);
});

test('a stream that is cut short or broken, or has bytes after its end, is undecodable', () => {
  const stream = deflateSync(Buffer.from('some text, some text'));
  const broken = Buffer.from(stream);
  broken[5] = ~(broken[5] ?? 0);
  for (const bytes of [
    stream.subarray(0, -1),
    broken,
    Buffer.concat([stream, Buffer.of(0)]),
    Buffer.alloc(0),
  ]) {
    const result = inflated(bytes);
    ok(
      typeof result === 'string' &&
        result.startsWith('undecodable: the zlib-compressed value cannot be inflated: '),
      JSON.stringify(result),
    );
  }
});

test('a zip bomb is not inflated beyond 64 times its size, nor a small one beyond 16 KiB', () => {
  const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024));
  strictEqual(inflated(bomb), beyond(bomb.length * 64));
  strictEqual(inflated(deflateSync(Buffer.alloc(17 * 1024))), beyond(16_384));
  deepStrictEqual(inflated(deflateSync(Buffer.alloc(16 * 1024))), Buffer.alloc(16 * 1024));
});
