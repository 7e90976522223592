import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import pLimit from 'p-limit';
import type { InvokeResult } from '../../../src/function/invoke-result.ts';
import {
  type AssignedPartition,
  assignedPartition,
} from '../../../src/mapping/assigned-partition.ts';
import { counting } from '../../../src/mapping/counts.ts';
import { deliver } from '../../../src/mapping/delivery.ts';
import type { FailureEnvelope } from '../../../src/mapping/on-failure.ts';
import type { PollerOptions } from '../../../src/mapping/options.ts';
import { toSettings } from '../../../src/mapping/settings.ts';

type At = `${number}@${number}`;

const success: InvokeResult = { kind: 'response', payload: 'null' };
const crash: InvokeResult = {
  kind: 'error',
  errorType: 'Error',
  errorMessage: 'crash',
  cause: 'function',
};
const failing = (records: readonly At[]): InvokeResult => ({
  kind: 'response',
  payload: JSON.stringify({
    batchItemFailures: records.map((at) => {
      const [partition, offset] = at.split('@');
      return { itemIdentifier: { partition: `t-${partition}`, offset: Number(offset) } };
    }),
  }),
});

const recordsOf = (eventJson: string): At[] =>
  Object.entries(JSON.parse(eventJson).records).flatMap(([identifier, records]) =>
    (records as { offset: number }[]).map(
      ({ offset }): At => `${Number(identifier.slice(2))}@${offset}`,
    ),
  );

/** Delivers one batch, partition → how many records from offset 0, to a function that answers so. */
const delivering = async (
  counts: readonly number[],
  answer: (records: readonly At[], nth: number) => InvokeResult,
  given: Partial<PollerOptions> = {},
  timestamp: number | ((offset: number) => number) = Date.now(),
) => {
  const invocations: At[][] = [];
  const envelopes: FailureEnvelope[] = [];
  const committed = new Map<number, number>();
  const released: number[] = [];
  const settings = counting(
    toSettings({
      connection: { bootstrapServers: ['a:1'] },
      topic: 'topic',
      consumerGroup: 'group',
      source: { kind: 'self-managed', bootstrapServers: 'a:1' },
      backoff: { firstMs: 0, maxMs: 0 },
      onFailure: (envelope) => void envelopes.push(envelope),
      invoke: async (eventJson) => {
        const records = recordsOf(eventJson);
        invocations.push(records);
        return answer(records, invocations.length);
      },
      ...given,
    }),
  );
  const parts = counts.map((count, number) => ({
    partition: { ...assignedPartition('t', number), position: BigInt(count), busy: true },
    identifier: `t-${number}`,
    records: Array.from({ length: count }, (_, offset) => {
      const json = JSON.stringify({ offset });
      const time = typeof timestamp === 'number' ? timestamp : timestamp(offset);
      return { offset, timestamp: time, json, bytes: json.length };
    }),
  }));
  await deliver(
    {
      settings,
      limit: pLimit(1),
      commit: async (offsets: ReadonlyMap<AssignedPartition, number>) => {
        for (const [{ partition }, offset] of offsets)
          committed.set(partition, Math.max(offset, committed.get(partition) ?? 0));
      },
      release: ({ partition }) => void released.push(partition),
      stopping: new AbortController().signal,
    },
    parts,
  );
  return { invocations, envelopes, committed, released, counts: settings.counts() };
};

test('a batch whose retries have ended goes to the destination, whole, and is committed past', async () => {
  const { invocations, envelopes, committed, released, counts } = await delivering(
    [2, 1],
    () => crash,
    { retryAttempts: 2 },
  );
  strictEqual(invocations.length, 3);
  deepStrictEqual(
    committed,
    new Map([
      [0, 2],
      [1, 1],
    ]),
  );
  deepStrictEqual(released, [0, 1]);
  const [envelope] = envelopes;
  deepStrictEqual(envelope?.requestContext.condition, 'RetryAttemptsExhausted');
  deepStrictEqual(envelope?.requestContext.approximateInvokeCount, 3);
  deepStrictEqual(recordsOf(envelope?.payload ?? ''), ['0@0', '0@1', '1@0']);
  strictEqual(counts.toDestination, 3);
  strictEqual(counts.dropped, 0);
});

test('retries without end are ten where there is a destination', async () => {
  strictEqual((await delivering([1], () => crash)).invocations.length, 11);
});

test('a record that succeeded before the retries ended is not given up', async () => {
  const { envelopes, committed } = await delivering([4], (records) =>
    failing(records.filter((at) => at === '0@1')),
  );
  deepStrictEqual(recordsOf(envelopes[0]?.payload ?? ''), ['0@1']);
  deepStrictEqual(committed, new Map([[0, 4]]));
});

test('without a destination, or with one that fails, what is given up is dropped and counted', async () => {
  const errors: Error[] = [];
  for (const [onFailure, said] of [
    [undefined, 0],
    [() => Promise.reject(new Error('no bucket')), 1],
  ] as const) {
    errors.length = 0;
    const { counts, committed } = await delivering([2], () => crash, {
      retryAttempts: 0,
      onError: (error) => errors.push(error),
      ...{ onFailure },
    } as Partial<PollerOptions>);
    strictEqual(counts.dropped, 2);
    strictEqual(counts.toDestination, 0);
    strictEqual(errors.length, said);
    deepStrictEqual(committed, new Map([[0, 2]]));
  }
});

test('without ReportBatchItemFailures the failures of a response are not read, and an error is', async () => {
  const given = { reportBatchItemFailures: false, retryAttempts: 1 };
  const reported = await delivering([2], failing, given);
  deepStrictEqual([reported.invocations.length, reported.envelopes.length], [1, 0]);
  deepStrictEqual(reported.committed, new Map([[0, 2]]));
  const crashed = await delivering([2], () => crash, given);
  deepStrictEqual([crashed.invocations.length, crashed.envelopes.length], [2, 1]);
});

test('a single record is not bisected, and without retries it is given up at once', async () => {
  const { invocations, envelopes } = await delivering([1], () => crash, {
    bisectBatchOnError: true,
    retryAttempts: 0,
  });
  deepStrictEqual([invocations.length, envelopes.length], [1, 1]);
});

test('a batch of which one record kills the function is bisected down to that record', async () => {
  const { invocations, envelopes, committed } = await delivering(
    [3, 5],
    (records) => (records.includes('1@2') ? crash : success),
    { bisectBatchOnError: true, retryAttempts: 1 },
  );
  deepStrictEqual(recordsOf(envelopes[0]?.payload ?? ''), ['1@2']);
  deepStrictEqual(envelopes[0]?.KafkaBatchInfo.recordsInfo['t-1']?.firstRecordOffset, '2');
  // 8, its halves of 4, the second's of 2, one of these; the record alone once more, for its one retry.
  deepStrictEqual(
    invocations.map((records) => records.length),
    [8, 4, 4, 2, 1, 1, 1, 2],
  );
  deepStrictEqual(
    committed,
    new Map([
      [0, 3],
      [1, 5],
    ]),
  );
});

test('records older than the limit are given up before they are delivered, the others are delivered', async () => {
  const { invocations, envelopes, counts } = await delivering(
    [3],
    () => success,
    { maxRecordAgeSeconds: 60 },
    Date.now() - 61_000,
  );
  strictEqual(invocations.length, 0);
  strictEqual(envelopes[0]?.requestContext.condition, 'RecordAgeExceeded');
  strictEqual(envelopes[0]?.responseContext, null);
  strictEqual(counts.toDestination, 3);
  const mixed = await delivering(
    [4],
    () => success,
    { maxRecordAgeSeconds: 60 },
    (offset) => Date.now() - (offset % 2 === 0 ? 61_000 : 0),
  );
  deepStrictEqual(recordsOf(mixed.envelopes[0]?.payload ?? ''), ['0@0', '0@2']);
  deepStrictEqual(mixed.invocations, [['0@1', '0@3']]);
  deepStrictEqual(mixed.committed, new Map([[0, 4]]));
  const young = await delivering([3], () => success, { maxRecordAgeSeconds: 60 });
  strictEqual(young.invocations.length, 1);
  // Kafka may know no time of a record: it has no age.
  const timeless = await delivering([3], () => success, { maxRecordAgeSeconds: 60 }, -1);
  strictEqual(timeless.invocations.length, 1);
});

test('however records fail, each succeeds once in its order or goes to the destination once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(30)),
      fc.constantFrom('failed-only', 'from-lowest'),
      fc.boolean(),
      fc.nat(3),
      async (counts, poison, partialFailures, throws, retryAttempts) => {
        const all = counts.flatMap((count, partition) =>
          Array.from({ length: count }, (_, offset): At => `${partition}@${offset}`),
        );
        const bad = new Set(poison.map((index) => all[index % all.length] as At));
        const done: At[] = [];
        const { envelopes, committed } = await delivering(
          counts,
          (records) => {
            const wrong = records.filter((at) => bad.has(at));
            if (wrong.length > 0 && throws) return crash;
            // As a function of ours does: from the first failure of a partition on, all of it.
            const failed = records.filter((at) =>
              wrong.some((one) => {
                const [[p, o], [q, r]] = [one, at].map((id) => id.split('@').map(Number)) as [
                  [number, number],
                  [number, number],
                ];
                return p === q && o <= r;
              }),
            );
            done.push(...records.filter((at) => !failed.includes(at)));
            return failing(failed);
          },
          { bisectBatchOnError: throws, partialFailures, retryAttempts },
        );
        const given = envelopes.flatMap(({ payload }) => recordsOf(payload));
        deepStrictEqual([...done, ...given].toSorted(), all.toSorted());
        for (const partition of counts.keys()) {
          const order = done.filter((at) => at.startsWith(`${partition}@`));
          deepStrictEqual(
            order,
            all.filter((at) => order.includes(at)),
          );
        }
        ok([...bad].every((at) => given.includes(at)));
        if (throws) strictEqual(given.length, bad.size);
        deepStrictEqual([...committed], [...counts.entries()]);
      },
    ),
  );
});
