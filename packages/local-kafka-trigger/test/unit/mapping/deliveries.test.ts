import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createDeliveries } from '../../../src/mapping/deliveries.ts';

test('the last deliveries are kept, each with the event that the function was given', () => {
  const kept = createDeliveries(2);
  const result = { kind: 'response', payload: 'null' } as const;
  for (const n of [1, 2, 3])
    kept.add({ attempt: n } as never, { eventJson: JSON.stringify({ records: { n } }), result });
  deepStrictEqual(
    kept.deliveries.map(({ attempt, event, result: { kind } }) => [attempt, event, kind]),
    [
      [2, { records: { n: 2 } }, 'response'],
      [3, { records: { n: 3 } }, 'response'],
    ],
  );
});
