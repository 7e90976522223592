import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { settingWarnings } from '../../../../functions/ingest/settings/warnings.ts';
import { startHandler } from '../../../support/start-handler.ts';

const warned = (maxFutureMs: number, outOfOrdernessMs: number) =>
  settingWarnings({ maxFutureMs, outOfOrdernessMs });

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
