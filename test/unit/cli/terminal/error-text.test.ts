import { match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from 'cassandra-driver';
import { errorText } from '../../../../cli/terminal/error-text.ts';
import { UserFacingError } from '../../../../cli/terminal/user-facing-error.ts';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';

test('an error whose message says the fault is told by its message, and a bug by its stack', () => {
  strictEqual(errorText(new UserFacingError('Do this.')), 'Do this.');
  strictEqual(errorText(new UnavailableError('it is closed')), 'it is closed');
  match(errorText(new TypeError('a bug')), /^TypeError: a bug\n +at /);
  strictEqual(errorText('thrown as it is'), 'thrown as it is');
});

test('an error of the database that no command expects is told in a sentence', () => {
  const missing = new errors.ResponseError(0x2200, 'keyspace missing does not exist');
  match(errorText(missing), /^asking the database failed: keyspace missing does not exist/);
  const none = new errors.NoHostAvailableError({}, 'none');
  match(errorText(none), /^asking the database failed: /);
});

test('of an error and one of closing both are told, the first one first', () => {
  const both = new SuppressedError(new UserFacingError('closing'), new UserFacingError('first'));
  strictEqual(errorText(both), 'first\nclosing');
});
