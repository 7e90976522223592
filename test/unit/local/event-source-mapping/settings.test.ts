import { strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import type { EventSourceMappingOptions } from '../../../../local/event-source-mapping/options.ts';
import { allowedRetries, toSettings } from '../../../../local/event-source-mapping/settings.ts';

const settings = (given: Partial<EventSourceMappingOptions> = {}) =>
  toSettings({
    connection: { bootstrapServers: ['a:1'] },
    topic: 'events',
    consumerGroup: 'group',
    source: { kind: 'self-managed', bootstrapServers: 'a:1' },
    invoke: async () => ({ kind: 'response', payload: 'null' }),
    ...given,
  });

for (const [given, retries] of [
  [{}, Number.POSITIVE_INFINITY],
  [{ onFailure: () => {} }, 10],
  [{ onFailure: () => {}, maximumRetryAttempts: 50 }, 50],
  [{ maximumRetryAttempts: 0 }, 0],
] as const)
  test(`with ${Object.keys(given).join(' and ') || 'neither bound nor destination'} there are ${retries} retries`, () => {
    strictEqual(allowedRetries(settings(given)), retries);
  });

for (const [given, sentence] of [
  [{ batchSize: 0 }, /batchSize must be a whole number from 1 to 10000 \(given 0\)/],
  [{ concurrency: 6, windowMs: -1 }, /windowMs .*\(given -1\); concurrency .*\(given 6\)/],
  [{ maximumRetryAttempts: -2 }, /maximumRetryAttempts must be -1, or .* 0 to 10000/],
  [{ maximumRecordAgeSeconds: 59 }, /maximumRecordAgeSeconds must be -1, or .* 60 to 604800/],
  [{ consumerGroup: 'a b' }, /consumerGroup must be/],
  [{ topic: '.x' }, /topic must be/],
  [
    { provisioned: false, reportBatchItemFailures: true },
    /: reportBatchItemFailures needs provisioned mode\.$/,
  ],
  [
    { provisioned: false, maximumRetryAttempts: 3, maximumRecordAgeSeconds: 60 },
    /: maximumRetryAttempts needs provisioned mode; maximumRecordAgeSeconds needs provisioned mode\.$/,
  ],
  [
    { provisioned: false, bisectBatchOnFunctionError: true },
    /: bisectBatchOnFunctionError needs provisioned mode\.$/,
  ],
] as const)
  test(`a setting that AWS refuses is refused: ${JSON.stringify(given)}`, () => {
    throws(() => settings(given), sentence);
  });

test('without provisioned mode the response is not read, and a destination may be had', () => {
  strictEqual(settings({ provisioned: false, onFailure: () => {} }).reportBatchItemFailures, false);
});
