import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../../../functions/ingest/settings/read-settings.ts';
import { mistakesOf, settingsOf } from '../../../support/settings.ts';

test('an event may be as far ahead as it may be behind, unless MAX_FUTURE_SECONDS is given', () => {
  const futureOf = (given: Partial<Environment>) => settingsOf(given).maxFutureMs;
  deepStrictEqual(futureOf({ OUT_OF_ORDERNESS_SECONDS: '30' }), 30_000);
  deepStrictEqual(futureOf({ OUT_OF_ORDERNESS_SECONDS: '600', MAX_FUTURE_SECONDS: ' ' }), 600_000);
  deepStrictEqual(futureOf({ OUT_OF_ORDERNESS_SECONDS: '30', MAX_FUTURE_SECONDS: '0' }), 0);
  deepStrictEqual(futureOf({ MAX_FUTURE_SECONDS: '300' }), 300_000);
  // A mistake in OUT_OF_ORDERNESS_SECONDS is not reported for MAX_FUTURE_SECONDS again.
  deepStrictEqual(mistakesOf({ OUT_OF_ORDERNESS_SECONDS: 'x' }).length, 1);
});
