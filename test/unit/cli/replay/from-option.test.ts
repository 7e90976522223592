import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { fromOption } from '../../../../cli/replay/from-option.ts';

test('digits are an offset, of any size, and anything else is a time', () => {
  deepStrictEqual(fromOption('0'), { offset: 0n });
  deepStrictEqual(fromOption('9223372036854775807'), { offset: 9_223_372_036_854_775_807n });
  deepStrictEqual(fromOption('2026-11-29T12:00Z'), { time: Date.UTC(2026, 10, 29, 12) });
});

test('a length of time is so long ago', () => {
  const from = fromOption('2h');
  const time = 'time' in from ? from.time : 0;
  deepStrictEqual(Math.abs(Date.now() - 7_200_000 - time) < 60_000, true);
});

test('what is neither is refused, and times that Kafka would take for its oldest record too', () => {
  for (const text of ['-1', '1.5', 'yesterday', '', '1969-12-31'])
    throws(() => fromOption(text), { code: 'commander.invalidArgument' }, text);
});
