import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../../../functions/ingest/settings/read-settings.ts';
import { settingWarnings } from '../../../../functions/ingest/settings/warnings.ts';
import { settingsOf } from '../../../support/settings.ts';
import { startHandler } from '../../../support/start-handler.ts';

test('only a MAX_FUTURE_SECONDS above OUT_OF_ORDERNESS_SECONDS is warned of', () => {
  const warned = (given: Partial<Environment>) =>
    settingWarnings(settingsOf(given)).map(({ text }) => text);
  deepStrictEqual(warned({}), []);
  deepStrictEqual(warned({ OUT_OF_ORDERNESS_SECONDS: '600' }), []);
  deepStrictEqual(warned({ MAX_FUTURE_SECONDS: '120' }), []);
  deepStrictEqual(warned({ MAX_FUTURE_SECONDS: '300' }), [
    'MAX_FUTURE_SECONDS (300) is above OUT_OF_ORDERNESS_SECONDS (120): one device whose clock is between the two fast makes the right ' +
      'events of its partition late. Leave MAX_FUTURE_SECONDS out, or give it 120 or less.',
  ]);
});

test('the function warns of a setting once when it starts, in a line of its log', () => {
  const { status, stdout } = startHandler({ MAX_FUTURE_SECONDS: '300' });
  const [{ level, setting, message }, ...others] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  deepStrictEqual([status, level, setting, others], [0, 'WARN', 'MAX_FUTURE_SECONDS', []]);
  ok(message.startsWith('MAX_FUTURE_SECONDS (300) is above OUT_OF_ORDERNESS_SECONDS (120)'));
  deepStrictEqual(startHandler({}).stdout, '');
});
