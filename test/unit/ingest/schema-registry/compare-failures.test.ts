import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { SchemaId } from '../../../../functions/ingest/pipeline/decoder.ts';
import {
  type IngestError,
  OutOfTimeError,
  ThrottledError,
  TransientError,
  UnavailableError,
} from '../../../../functions/ingest/pipeline/errors.ts';
import {
  type Answer,
  compareFailures,
  mayBeOwnFault,
  rejectionOf,
} from '../../../../functions/ingest/schema-registry/compare-failures.ts';

const denied = new UnavailableError('denied');
const down = new TransientError('down');
const failed = (error: IngestError): Answer => ({ kind: 'failed', error });

/** Compares id 7, which failed, with the good id 1; `answers` are those to 7, one after the other. */
const compare = async (
  error: IngestError,
  answers: readonly Answer[],
  { good = [1, 1, 1] as readonly (SchemaId | null)[], again = [7], left = 1_000 } = {},
) => {
  const [next, nextGood] = [[...answers], [...good]];
  const asked: string[] = [];
  const verdicts = await compareFailures(new Map([[7, error]]), new Set<SchemaId>(again), {
    ask: async (id) => {
      asked.push(`${id}`);
      return next.shift() ?? failed(error);
    },
    askForGood: async () => {
      const answer = nextGood.shift() ?? null;
      asked.push(`good ${answer}`);
      return answer;
    },
    deadline: { left: () => left },
  });
  return { verdict: verdicts.get(7), asked };
};

test('a refusal that comes again after another id was given is the id’s own fault, and is not asked for a third time', async () => {
  deepStrictEqual(await compare(denied, [failed(denied)]), {
    verdict: { kind: 'own-fault', error: denied, good: 1 },
    asked: ['good 1', '7'],
  });
});

test('a failure that may pass is the id’s own fault when it comes again in three rounds', async () => {
  deepStrictEqual(await compare(down, []), {
    verdict: { kind: 'own-fault', error: down, good: 1 },
    asked: ['good 1', '7', 'good 1', '7', 'good 1', '7'],
  });
});

test('a failure that may pass is the id’s own fault after one round where no time is left', async () => {
  const { verdict, asked } = await compare(down, [], { left: 0 });
  deepStrictEqual([verdict?.kind, asked], ['own-fault', ['good 1', '7']]);
});

test('a failure is the registry’s when the registry gives no other id any more', async () => {
  for (const good of [[null], [1, null]])
    deepStrictEqual((await compare(down, [], { good })).verdict, failed(down));
});

test('an id that is answered when it is asked for again is not at fault', async () => {
  const kept: Answer = { kind: 'kept' };
  deepStrictEqual(await compare(denied, [kept]), { verdict: kept, asked: ['good 1', '7'] });
});

test('an id that is throttled when it is asked for again is not at fault', async () => {
  const throttled = failed(new ThrottledError('slow down'));
  deepStrictEqual((await compare(denied, [throttled])).verdict, throttled);
});

test('an id that may not be asked for once more is judged by its first answer', async () => {
  deepStrictEqual(await compare(denied, [], { again: [] }), {
    verdict: { kind: 'own-fault', error: denied, good: 1 },
    asked: ['good 1'],
  });
});

test('a failure can be an id’s own unless the service is asked too much or was not asked', () => {
  const errors = [denied, down, new ThrottledError(''), new OutOfTimeError('')];
  deepStrictEqual(errors.map(mayBeOwnFault), [true, true, false, false]);
});

test('the rejection of an id has the error without control characters, and not without end', () => {
  const error = new UnavailableError(`denied\n${'x'.repeat(1_000)}`);
  const { reason, detail } = rejectionOf(7, { kind: 'own-fault', error, good: 1 });
  strictEqual(reason, 'unknown_schema');
  strictEqual(
    detail,
    'the value was written with schema 7, and only this id fails, again and again, while the registry gives schema 1 of the same ' +
      `topic with the same login: denied ${'x'.repeat(293)}`,
  );
});
