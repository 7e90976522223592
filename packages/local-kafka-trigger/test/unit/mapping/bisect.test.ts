import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bisect } from '../../../src/mapping/bisect.ts';

test('the halves of a batch are its records in their order, and differ by one at the most', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(), { minLength: 1 }), { minLength: 1 }), (lists) => {
      const parts = lists.map((records, partition) => ({ partition, records }));
      const flat = (some: typeof parts): [number, number][] =>
        some.flatMap(({ partition, records }) =>
          records.map((one): [number, number] => [partition, one]),
        );
      const [first, second] = bisect(parts);
      deepStrictEqual([...flat(first), ...flat(second)], flat(parts));
      const more = flat(first).length - flat(second).length;
      ok(more === 0 || more === 1);
      ok([...first, ...second].every(({ records }) => records.length > 0));
    }),
  );
});
