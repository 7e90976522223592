import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { withAlter } from '../../../../../functions/ingest/cassandra/refusals/missing-column.ts';
import {
  TransientError,
  UnavailableError,
} from '../../../../../functions/ingest/pipeline/errors.ts';
import { layout } from '../../../../support/events.ts';

const explained = (error: unknown): unknown => withAlter(error, 'events', layout.plan);

for (const said of [
  'Undefined column name metadata in table events.user_events',
  'Undefined column name "metadata"',
  'Unknown identifier metadata',
  'undefined name metadata in selection clause',
])
  test(`a server that says "${said}" is told of with the statement that adds the column`, () => {
    const error = explained(new UnavailableError(`writing failed: ${said} (0x2200)`));
    ok(error instanceof UnavailableError);
    strictEqual(
      error.message,
      `writing failed: ${said} (0x2200). Add the column to the table: ` +
        'ALTER TABLE events.user_events ADD "metadata" map<text, text>',
    );
  });

test('an error of anything else stays what it is', () => {
  for (const error of [
    new UnavailableError('writing failed: Undefined column name note'),
    new UnavailableError('writing failed: Undefined column name bucket_date'),
    new UnavailableError('writing failed: unconfigured table user_events'),
    new TransientError('Undefined column name metadata'),
    new Error('Undefined column name metadata'),
  ])
    deepStrictEqual(explained(error), error);
});
