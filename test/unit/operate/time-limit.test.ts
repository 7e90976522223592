import { deepStrictEqual } from 'node:assert/strict';
import { mock, test } from 'node:test';
import { limitTime } from '../../../functions/operate/time-limit.ts';

/** Runs with timers that a test moves; the milliseconds that have passed are those of the timers. */
const withTimers = (run: (pass: (ms: number) => void) => void): void => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  const clock = mock.method(performance, 'now', () => now);
  try {
    run((ms) => {
      now += ms;
      mock.timers.tick(ms);
    });
  } finally {
    clock.mock.restore();
    mock.timers.reset();
  }
};

test('a command ends a minute before its invocation, so that its files can be kept', () => {
  withTimers((pass) => {
    using time = limitTime(900_000, 1);
    pass(839_999);
    deepStrictEqual(time.signal.aborted, false);
    pass(1);
    deepStrictEqual(time.signal.aborted, true);
  });
});

test('a command that can go on in another invocation ends after three minutes, before idle connections are forgotten', () => {
  withTimers((pass) => {
    using time = limitTime(900_000, 1);
    pass(60_000);
    time.allowSlices();
    pass(119_999);
    deepStrictEqual(time.signal.aborted, false);
    pass(1);
    deepStrictEqual(time.signal.aborted, true);
  });
});

test('a command that a slice has brought no further has several, and never more than its invocation', () => {
  withTimers((pass) => {
    using time = limitTime(900_000, 2);
    time.allowSlices();
    pass(359_999);
    deepStrictEqual(time.signal.aborted, false);
    pass(1);
    deepStrictEqual(time.signal.aborted, true);
  });
  withTimers((pass) => {
    using time = limitTime(900_000, 8);
    time.allowSlices();
    pass(840_000);
    deepStrictEqual(time.signal.aborted, true);
  });
});

test('a command that says late that it can go on ends at once', () => {
  withTimers((pass) => {
    using time = limitTime(900_000, 1);
    pass(400_000);
    time.allowSlices();
    pass(0);
    deepStrictEqual(time.signal.aborted, true);
  });
});

test('of a short invocation the command has one half', () => {
  withTimers((pass) => {
    using time = limitTime(10_000, 1);
    pass(4_999);
    deepStrictEqual(time.signal.aborted, false);
    pass(1);
    deepStrictEqual(time.signal.aborted, true);
  });
});

test('a command that has ended is not broken off later', () => {
  withTimers((pass) => {
    const time = limitTime(900_000, 1);
    time.allowSlices();
    time[Symbol.dispose]();
    pass(900_000);
    deepStrictEqual(time.signal.aborted, false);
  });
});
