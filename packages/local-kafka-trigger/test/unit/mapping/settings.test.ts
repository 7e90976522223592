import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import type { PollerOptions } from '../../../src/mapping/options.ts';
import { allowedRetries, toSettings } from '../../../src/mapping/settings.ts';

const settings = (given: Partial<PollerOptions> = {}) =>
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
  [{ onFailure: () => {}, retryAttempts: 50 }, 50],
  [{ retryAttempts: 0 }, 0],
] as const)
  test(`with ${Object.keys(given).join(' and ') || 'neither bound nor destination'} there are ${retries} retries`, () => {
    strictEqual(allowedRetries(settings(given)), retries);
  });

test('what is not set, or undefined, is as on AWS', () => {
  const { batchSize, maxBatchingWindowMs, payloadBytes, startingPosition, ...others } = settings({
    batchSize: undefined,
  } as object);
  deepStrictEqual(
    [batchSize, maxBatchingWindowMs, payloadBytes, startingPosition],
    [100, 500, 6 * 1024 * 1024, 'TRIM_HORIZON'],
  );
  const { retryAttempts, maxRecordAgeSeconds, bisectBatchOnError } = others;
  deepStrictEqual([retryAttempts, maxRecordAgeSeconds, bisectBatchOnError], [-1, -1, false]);
});

for (const [name, least, most] of [
  ['batchSize', 1, 10000],
  ['maxBatchingWindowMs', 0, 300000],
  ['retryAttempts', -1, 10000],
  ['maxRecordAgeSeconds', 60, 604800],
] as const)
  test(`${name} may be ${least} and ${most}, and no more`, () => {
    for (const value of [least, most]) strictEqual(settings({ [name]: value })[name], value);
    for (const value of [least - 1, most + 1, least + 0.5, Number.NaN])
      throws(() => settings({ [name]: value }), { name: 'TriggerError' });
  });

for (const [given, sentence] of [
  [{ batchSize: 0 }, /batchSize must be a whole number from 1 to 10000 \(given 0\)/],
  [
    { concurrency: 6, maxBatchingWindowMs: -1 },
    /maxBatchingWindowMs .*\(given -1\); concurrency .*\(given 6\)/,
  ],
  [{ retryAttempts: -2 }, /retryAttempts must be -1, or .* 0 to 10000/],
  [{ maxRecordAgeSeconds: 59 }, /maxRecordAgeSeconds must be -1, or .* 60 to 604800/],
  [{ consumerGroup: 'a b' }, /consumerGroup must be/],
  [{ topic: '.x' }, /topic must be/],
  [
    { provisioned: false, reportBatchItemFailures: true },
    /: reportBatchItemFailures needs provisioned mode\.$/,
  ],
  [
    { provisioned: false, retryAttempts: 3, maxRecordAgeSeconds: 60 },
    /: retryAttempts needs provisioned mode; maxRecordAgeSeconds needs provisioned mode\.$/,
  ],
  [
    { provisioned: false, bisectBatchOnError: true },
    /: bisectBatchOnError needs provisioned mode\.$/,
  ],
] as const)
  test(`a setting that AWS refuses is refused: ${JSON.stringify(given)}`, () => {
    throws(() => settings(given), sentence);
  });

test('without provisioned mode the response is not read, and a destination may be had', () => {
  strictEqual(settings({ provisioned: false, onFailure: () => {} }).reportBatchItemFailures, false);
});

test('a starting time that is to come is refused', () => {
  const startingPosition = 'AT_TIMESTAMP';
  const at = (ms: number) =>
    settings({ startingPosition, startingPositionTimestamp: new Date(Date.now() + ms) });
  strictEqual(at(-1).startingPosition, startingPosition);
  throws(() => at(60_000), /startingPositionTimestamp must not be in the future/);
});
