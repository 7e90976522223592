import { strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { checkOrder, timeOption } from '../../../../cli/terminal/time-option.ts';

const now = Date.UTC(2026, 10, 29, 12);

for (const [text, time] of [
  ['2026-11-28', '2026-11-28T00:00:00.000Z'],
  ['2026-11-28T10:30', '2026-11-28T10:30:00.000Z'],
  ['2026-11-28T10:30:15.5Z', '2026-11-28T10:30:15.500Z'],
  ['2026-11-28 10:30+02:00', '2026-11-28T08:30:00.000Z'],
  ['90m', '2026-11-29T10:30:00.000Z'],
  ['7d', '2026-11-22T12:00:00.000Z'],
  ['999999d', '0001-01-01T00:00:00.000Z'],
] as const)
  test(`the time ${text} is ${time}, when it is noon of 2026-11-29`, () => {
    strictEqual(new Date(timeOption(text, now)).toISOString(), time);
  });

const noTimes = ['', 'yesterday', '2026-13-01', '2026-11-31x', '5w', '-1h', '12:00', '1e3s'];
for (const text of [...noTimes, '2026-02-31', '2026-02-30T10:00Z', '0000-01-01'])
  test(`"${text}" is no time, and is refused with what one looks like`, () => {
    throws(() => timeOption(text, now), { message: /^It must be a time/ });
  });

test('a range of times that ends before it begins, or where it begins, is refused with its times', () => {
  for (const to of [now - 1, now])
    throws(() => checkOrder(now, to), {
      message: `--from must be before --to: they are 2026-11-29T12:00:00.000Z and ${new Date(to).toISOString()}.`,
    });
  checkOrder(now, now + 1);
});
