import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { at, nameOf } from '../../../../functions/ingest/pipeline/kafka-record.ts';
import { record } from '../../../support/records.ts';

test('a message names a partition by its topic and number, and a record by its offset in it', () => {
  const one = record({ topic: 'page-views', partition: 3, offset: 9_007_199_254_740_991 });
  strictEqual(nameOf(one), 'page-views-3');
  strictEqual(at(one), 'page-views-3@9007199254740991');
});
