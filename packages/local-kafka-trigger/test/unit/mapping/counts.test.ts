import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { counting } from '../../../src/mapping/counts.ts';
import type { MappingSettings } from '../../../src/mapping/settings.ts';

test('invocations, retries and records that are given up are counted, and whoever listened before still does', () => {
  const heard: unknown[] = [];
  const settings = { onBatch: (one: unknown) => heard.push(one) } as unknown as MappingSettings;
  const counted = counting(settings);
  const batch = (attempt: number, records: number, retried: number) =>
    counted.onBatch?.({ attempt, records, retried } as never, {} as never);
  batch(1, 6, 0);
  batch(2, 3, 3);
  counted.onGivenUp?.({ records: 2, kept: true } as never);
  counted.onGivenUp?.({ records: 1, kept: false } as never);
  deepStrictEqual(counted.counts(), {
    invocations: 2,
    delivered: 9,
    retriedRecords: 3,
    toDestination: 2,
    dropped: 1,
  });
  deepStrictEqual(heard.length, 2);
});
