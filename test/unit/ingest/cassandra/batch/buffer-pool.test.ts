import { ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BufferPool } from '../../../../../functions/ingest/cassandra/batch/buffer-pool.ts';

const small = 8 * 1024;
const large = 64 * 1024;

test('a buffer has room for the bytes that were asked for, whatever their number', () => {
  const pool = new BufferPool(4);
  for (const length of [0, 1, small - 1, small, small + 1, large - 1, large, large + 1, 1_000_000])
    ok(pool.acquire(length).length >= length, `${length}`);
});

for (const size of [small, large])
  test(`a buffer of ${size} bytes is given again after it was released, and not before`, () => {
    const pool = new BufferPool(4);
    const first = pool.acquire(size);
    const second = pool.acquire(size);
    ok(second !== first);
    pool.release(first);
    ok(pool.acquire(size) === first);
    ok(pool.acquire(size) !== first);
  });

test('a released buffer is given to requests of its own size only', () => {
  const pool = new BufferPool(4);
  const buffer = pool.acquire(small);
  pool.release(buffer);
  ok(pool.acquire(small + 1) !== buffer);
  ok(pool.acquire(1) === buffer);
});

test('no more buffers of a size are kept than there may be requests in flight', () => {
  for (const size of [small, large]) {
    const pool = new BufferPool(2);
    const buffers = [1, 2, 3].map(() => pool.acquire(size));
    for (const buffer of buffers) pool.release(buffer);
    const again = [1, 2, 3].map(() => pool.acquire(size));
    strictEqual(again.filter((buffer) => buffers.includes(buffer)).length, 2);
  }
});

test('a buffer larger than those that are pooled, or of another size, is not kept', () => {
  const pool = new BufferPool(4);
  for (const buffer of [pool.acquire(large + 1), Buffer.alloc(small - 1)]) {
    pool.release(buffer);
    ok(pool.acquire(buffer.length) !== buffer);
  }
});

test('no two requests in flight have one buffer, in whatever order they begin and end', () => {
  const step = fc.record({ begins: fc.boolean(), length: fc.nat(large + 10), which: fc.nat() });
  fc.assert(
    fc.property(fc.array(step), fc.nat(5), (steps, kept) => {
      const pool = new BufferPool(kept);
      const inFlight: Buffer[] = [];
      for (const { begins, length, which } of steps)
        if (begins || inFlight.length === 0) inFlight.push(pool.acquire(length));
        else for (const buffer of inFlight.splice(which % inFlight.length, 1)) pool.release(buffer);
      strictEqual(new Set(inFlight).size, inFlight.length);
    }),
  );
});
