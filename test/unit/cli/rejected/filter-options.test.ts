import { strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { filterOf } from '../../../../cli/rejected/filter-options.ts';

const now = Date.parse('2026-11-29T12:00:00Z');
const pipeline = { topic: 'clicks' };

test('rejected records are those of the pipeline’s topic, also in the whole table, unless another topic is named', () => {
  strictEqual(filterOf({ all: true }, pipeline, now).topic, 'clicks');
  strictEqual(filterOf({ topic: 'views' }, pipeline, now).topic, 'views');
  strictEqual(filterOf({ all: true }, { topic: null }, now).topic, undefined);
});

test('rejected records are those of the last seven days, and those of any time in the whole table', () => {
  strictEqual(filterOf({}, pipeline, now).since, now - 7 * 24 * 60 * 60 * 1_000);
  strictEqual(filterOf({ all: true }, pipeline, now).since, undefined);
});

test('a time of rejection that ends before it begins is refused', () => {
  throws(
    () => filterOf({ since: now - 1_000, until: now - 2_000 }, pipeline, now),
    /--since must be before --until/,
  );
});
