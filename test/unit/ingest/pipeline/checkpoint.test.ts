import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  advance,
  type Checkpoint,
  maxEventTimeAt,
} from '../../../../functions/ingest/pipeline/checkpoint.ts';

const checkpoint: Checkpoint = {
  nextOffset: 300,
  maxEventTime: 30,
  earlier: new Map([
    [100, 10],
    [200, 20],
  ]),
};

test('a batch that begins at the checkpoint or beyond is judged from its maximum', () => {
  strictEqual(maxEventTimeAt(checkpoint, 300), 30);
  strictEqual(maxEventTimeAt(checkpoint, 305), 30);
});

test('a batch that comes again is judged from the maximum on reaching it', () => {
  strictEqual(maxEventTimeAt(checkpoint, 200), 20);
  strictEqual(maxEventTimeAt(checkpoint, 250), 20);
  strictEqual(maxEventTimeAt(checkpoint, 100), 10);
});

test('a batch from before all that is known has no maximum', () => {
  strictEqual(maxEventTimeAt(checkpoint, 99), null);
  strictEqual(maxEventTimeAt(null, 0), null);
});

test('the first checkpoint has no earlier ones', () => {
  deepStrictEqual(advance(null, 0, 5, 50), {
    nextOffset: 5,
    maxEventTime: 50,
    earlier: new Map(),
  });
});

test('the checkpoint it follows becomes the newest earlier one', () => {
  deepStrictEqual(
    [...advance(checkpoint, 300, 400, 40).earlier],
    [
      [100, 10],
      [200, 20],
      [300, 30],
    ],
  );
});

test('a batch handled again forgets what was reached beyond its beginning', () => {
  deepStrictEqual(advance(checkpoint, 200, 250, 25), {
    nextOffset: 250,
    maxEventTime: 25,
    earlier: new Map([
      [100, 10],
      [200, 20],
    ]),
  });
});

test('a recreated topic starts over', () => {
  deepStrictEqual(advance(checkpoint, 0, 10, 5), {
    nextOffset: 10,
    maxEventTime: 5,
    earlier: new Map(),
  });
});

test('eight earlier checkpoints are kept, the newest', () => {
  let current: Checkpoint | null = null;
  for (let batch = 0; batch < 20; batch += 1)
    current = advance(current, batch * 10, batch * 10 + 10, batch);
  deepStrictEqual([...(current?.earlier.keys() ?? [])], [120, 130, 140, 150, 160, 170, 180, 190]);
});

test('each of the last eight batches, come again, finds the maximum that it was first judged from', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 20 }), (batches, gap) => {
      let current: Checkpoint | null = null;
      const judged: [offset: number, max: number | null][] = [];
      let offset = 0;
      for (const [index, size] of batches.entries()) {
        judged.push([offset, maxEventTimeAt(current, offset)]);
        // The first batches may raise nothing: undecodable records only.
        current = advance(current, offset, offset + size, index < 2 ? null : index);
        offset += size + gap;
      }
      for (const [start, max] of judged.slice(-8)) strictEqual(maxEventTimeAt(current, start), max);
    }),
  );
});

test('earlier checkpoints rise in offset and in maximum', () => {
  const starts = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 100 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(starts, (deliveries) => {
      let current: Checkpoint | null = null;
      for (const [start, size] of deliveries) {
        const from = maxEventTimeAt(current, start);
        current = advance(current, start, start + size, (from ?? 0) + size);
        const entries = [...current.earlier, [current.nextOffset, current.maxEventTime] as const];
        for (const [index, [offset, max]] of entries.entries()) {
          const next = entries[index + 1];
          if (next !== undefined) ok(offset < next[0] && Number(max) <= Number(next[1]));
        }
      }
    }),
  );
});
