import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type BatchJudgement,
  committableOffset,
  judgeResult,
  type PartialFailureReading,
  toRetry,
} from '../../../src/mapping/batch-response.ts';

const part = (partition: number, offsets: readonly number[]) => ({
  identifier: `t-${partition}`,
  records: offsets.map((offset) => ({ offset })),
});

const delivered = [part(0, [5, 6, 8]), part(1, [0])];

const judge = (payload: string): BatchJudgement =>
  judgeResult({ kind: 'response', payload }, delivered);

const failing = (...itemIdentifiers: readonly unknown[]): BatchJudgement =>
  judge(
    JSON.stringify({
      batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier })),
    }),
  );

const successes = [
  ['null, which is what undefined becomes', 'null'],
  ['an empty object', '{}'],
  ['an object without batchItemFailures', '{"statusCode":200}'],
  ['an empty list', '{"batchItemFailures":[]}'],
  ['a list that is null', '{"batchItemFailures":null}'],
] as const;
for (const [what, payload] of successes)
  test(`a response that is ${what} is success`, () => {
    deepStrictEqual(judge(payload), { kind: 'success' });
  });

test('the identifiers of a response are the failed records', () => {
  const judgement = failing(
    { partition: 't-0', offset: 8 },
    { partition: 't-0', offset: 6 },
    { partition: 't-1', offset: 0 },
  );
  deepStrictEqual(judgement, {
    kind: 'partial',
    failed: new Map([
      ['t-0', new Set([8, 6])],
      ['t-1', new Set([0])],
    ]),
  });
});

const wholes = [
  ['an offset that was not in the event', { partition: 't-0', offset: 7 }],
  ['an offset of another partition', { partition: 't-1', offset: 5 }],
  ['a partition that was not in the event', { partition: 't-2', offset: 5 }],
  ['a bare partition number', { partition: '0', offset: 5 }],
  ['the key of AWS’s older page', { 'topic-partition': 't-0', offset: 5 }],
  ['an offset as text', { partition: 't-0', offset: '5' }],
  ['no offset', { partition: 't-0' }],
  ['a flat text', 't-0:5'],
  ['null', null],
  ['nothing', undefined],
] as const;
for (const [what, identifier] of wholes)
  test(`an identifier with ${what} fails the whole batch`, () => {
    strictEqual(failing(identifier).kind, 'whole');
    strictEqual(failing({ partition: 't-0', offset: 5 }, identifier).kind, 'whole');
  });

const unreadable = [
  ['no JSON', 'oops'],
  ['empty', ''],
  ['a text', '"ok"'],
  ['a list', '[]'],
  ['a number', '1'],
  ['an object whose batchItemFailures is no list', '{"batchItemFailures":"t-0"}'],
  ['an object with a failure that is no object', '{"batchItemFailures":["t-0"]}'],
] as const;
for (const [what, payload] of unreadable)
  test(`a response that is ${what} fails the whole batch`, () => {
    strictEqual(judge(payload).kind, 'whole');
  });

for (const cause of ['function', 'timeout', 'exited', 'init'] as const)
  test(`an error (${cause}) fails the whole batch`, () => {
    const error = { kind: 'error', errorType: 'E', errorMessage: 'm', cause } as const;
    deepStrictEqual(judgeResult(error, delivered), { kind: 'whole', why: 'E: m' });
  });

const offsets = (judgement: BatchJudgement, reading: PartialFailureReading): number[][] =>
  delivered.map((one) => toRetry(one, judgement, reading).map(({ offset }) => offset));

test('the failed records alone are retried, or every one from the lowest', () => {
  const judgement = failing({ partition: 't-0', offset: 6 });
  deepStrictEqual(offsets(judgement, 'failed-only'), [[6], []]);
  deepStrictEqual(offsets(judgement, 'from-lowest'), [[6, 8], []]);
});

test('both readings of a partial batch response are the same when a failure names all records that follow it', () => {
  const judgement = failing({ partition: 't-0', offset: 6 }, { partition: 't-0', offset: 8 });
  deepStrictEqual(offsets(judgement, 'failed-only'), offsets(judgement, 'from-lowest'));
});

test('a whole batch is retried as it was, a success not at all', () => {
  deepStrictEqual(offsets({ kind: 'whole', why: '' }, 'failed-only'), [[5, 6, 8], [0]]);
  deepStrictEqual(offsets({ kind: 'success' }, 'from-lowest'), [[], []]);
});

test('a partition is committed below its first unsuccessful record, or after the batch', () => {
  strictEqual(committableOffset([{ offset: 6 }, { offset: 8 }], 9), 6);
  strictEqual(committableOffset([], 9), 9);
});

test('the committed offset never passes an unsuccessful record, whatever fails', () => {
  const ascending = fc
    .uniqueArray(fc.nat(50), { minLength: 1 })
    .map((all) => all.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(
      ascending.chain((all) => fc.tuple(fc.constant(all), fc.subarray(all))),
      fc.constantFrom<PartialFailureReading>('failed-only', 'from-lowest'),
      ([all, failed], reading) => {
        const one = part(0, all);
        const response = {
          batchItemFailures: failed.map((offset) => ({
            itemIdentifier: { partition: 't-0', offset },
          })),
        };
        const judgement = judgeResult({ kind: 'response', payload: JSON.stringify(response) }, [
          one,
        ]);
        const next = (all.at(-1) ?? 0) + 1;
        const retried = toRetry(one, judgement, reading);
        const committed = committableOffset(retried, next);
        ok(failed.every((offset) => committed <= offset));
        ok(failed.every((offset) => retried.some((record) => record.offset === offset)));
        strictEqual(committed === next, failed.length === 0);
      },
    ),
  );
});
