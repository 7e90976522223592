import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { configWarnings } from '../../../../functions/ingest/settings/warnings.ts';

const warned = (maxFutureMs: number, outOfOrdernessMs: number) =>
  configWarnings({ maxFutureMs, outOfOrdernessMs });

test('a MAX_FUTURE_SECONDS up to OUT_OF_ORDERNESS_SECONDS is not warned of', () => {
  deepStrictEqual([...warned(0, 120_000), ...warned(120_000, 120_000)], []);
});

test('a MAX_FUTURE_SECONDS above OUT_OF_ORDERNESS_SECONDS is warned of, with both values and what to do', () => {
  deepStrictEqual(warned(300_000, 120_000), [
    {
      setting: 'MAX_FUTURE_SECONDS',
      text:
        'MAX_FUTURE_SECONDS (300) is above OUT_OF_ORDERNESS_SECONDS (120): one device whose clock is between the two fast makes the right ' +
        'events of its partition late. Leave MAX_FUTURE_SECONDS out, or give it 120 or less.',
    },
  ]);
});
