import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { confidenceText, isInSample, shareOption } from '../../../../cli/verify/sample.ts';

test('a sample has about its share of the records of each partition, also at large offsets', () => {
  for (const [partition, first] of [
    [0, 0],
    [7, 0],
    [0, 2 ** 40],
  ] as const) {
    const taken = Array.from({ length: 20_000 }, (_, index) => first + index).filter((offset) =>
      isInSample(partition, offset, 0.01),
    );
    ok(taken.length > 140 && taken.length < 260, `${taken.length} of partition ${partition}`);
  }
});

test('a sample has the same records each time, and all of them where it is everything', () => {
  const sample = () => Array.from({ length: 100 }, (_, offset) => isInSample(3, offset, 0.3));
  deepStrictEqual(sample(), sample());
  ok(Array.from({ length: 100 }, (_, offset) => isInSample(0, offset, 1)).every(Boolean));
});

test('a larger sample has the records of a smaller one', () => {
  for (let offset = 0; offset < 1_000; offset += 1)
    if (isInSample(0, offset, 0.1)) ok(isInSample(0, offset, 0.2));
});

test('a share is a percentage', () => {
  strictEqual(shareOption('1%'), 0.01);
  strictEqual(shareOption('0.5%'), 0.005);
  strictEqual(shareOption('100%'), 1);
  for (const text of ['1', '0%', '101%', '-1%', 'x%', ''])
    throws(() => shareOption(text), /such as 1%/);
});

test('none wrong among n is at most 3/n of all, with 95 % confidence', () => {
  strictEqual(
    confidenceText(0, 3_000),
    'None of 3,000 sampled records is wrong: at most 0.1 % of all are, with 95 % confidence.',
  );
  strictEqual(
    confidenceText(0, 2),
    'None of 2 sampled records is wrong: at most 100 % of all are, with 95 % confidence.',
  );
  strictEqual(confidenceText(0, 0), 'The sample has no record, and proves nothing.');
});

test('some wrong among n are told with an interval', () => {
  strictEqual(
    confidenceText(10, 100),
    '10 of 100 sampled records are wrong: 5.5 % to 17 % of all are, with 95 % confidence.',
  );
  strictEqual(
    confidenceText(100, 100),
    '100 of 100 sampled records are wrong: 96 % to 100 % of all are, with 95 % confidence.',
  );
});
