import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import { firstFailed, type Outcome } from '../../../../functions/ingest/pipeline/outcome.ts';

const handled: readonly Outcome[] = [
  { kind: 'written', future: false },
  { kind: 'superseded', by: 9 },
  { kind: 'rejected', reason: 'tombstone', detail: 'the record has no value' },
  { kind: 'dropped', reason: 'late' },
];
const failed: Outcome = { kind: 'failed', error: new UnavailableError('down') };

test('the first failed outcome is found behind any that are done for good, and none where all are', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...handled)), fc.nat(5), (done, waiting) => {
      const outcomes = [...done, ...Array<Outcome>(waiting).fill(failed)];
      strictEqual(firstFailed(outcomes), waiting === 0 ? -1 : done.length);
    }),
  );
});
