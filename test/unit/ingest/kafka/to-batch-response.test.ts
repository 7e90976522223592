import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import {
  toAllOrNothingResponse,
  toBatchResponse,
} from '../../../../functions/ingest/kafka/to-batch-response.ts';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import type { PartitionResult } from '../../../../functions/ingest/pipeline/outcome.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, record } from '../../../support/records.ts';

const records = [10, 11, 12].map((offset) => record({ offset, value: null }));
const results = (stores = new MemoryStores()): Promise<PartitionResult[]> =>
  ingestWith(stores)([batch(records)]);
const down = (): MemoryStores => {
  const stores = new MemoryStores();
  stores.before = () => Promise.reject(new UnavailableError('down'));
  return stores;
};

test('a batch that was handled has no failures, whichever response the mapping takes', async () => {
  const handled = await results();
  deepStrictEqual(toBatchResponse(handled), { batchItemFailures: [] });
  deepStrictEqual(toAllOrNothingResponse(handled), { batchItemFailures: [] });
});

test('a mapping that takes no partial response must see the invocation fail, or it would commit what has failed', async () => {
  const failed = await results(down());
  deepStrictEqual(toBatchResponse(failed).batchItemFailures.length, 3);
  throws(() => toAllOrNothingResponse(failed), {
    name: 'BatchFailedError',
    message: '3 records have failed, and PARTIAL_RESPONSES is off: the whole batch must come again',
  });
});
