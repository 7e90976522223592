import { doesNotMatch, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { errors, types } from 'cassandra-driver';
import { classify } from '../../../../functions/ingest/cassandra/classify.ts';
import { RefusedError, UnavailableError } from '../../../../functions/ingest/errors.ts';

const codes = types.responseErrorCodes;
const response = (code: number, message: string) => new errors.ResponseError(code, message);

for (const [what, error] of [
  [
    'a row of an invalid value',
    response(codes.invalid, 'Key length of 70000 is longer than 65535'),
  ],
  [
    'a row too large for Cassandra 5.0, whose message names the keyspace',
    response(
      codes.invalid,
      'Rejected an oversized mutation (3/2) for keyspace: ks. Top keys are: x',
    ),
  ],
  [
    'a row too large for Cassandra 4',
    response(codes.serverError, 'java.lang: Mutation of 3.1MiB is too large for the maximum size'),
  ],
] as const)
  test(`${what} is refused for good`, () => {
    strictEqual(classify(error, 'writing').constructor, RefusedError);
  });

for (const [what, error] of [
  ['a write timeout, which is how Keyspaces throttles', response(codes.writeTimeout, 'timeout')],
  ['an overloaded server', response(codes.overloaded, 'overloaded')],
  ['too few replicas', response(codes.unavailableException, 'unavailable')],
  ['an unknown server error', response(codes.serverError, 'java.lang.NullPointerException')],
  ['a missing permission', response(codes.unauthorized, 'no permission')],
  ['a missing table', response(codes.invalid, 'table user_events does not exist')],
  ['a missing table of older servers', response(codes.invalid, 'unconfigured table user_events')],
  ['a missing column', response(codes.invalid, 'Undefined column name metadata in table ks.t')],
  ['no host', new errors.NoHostAvailableError({ '10.0.0.1:9042': new Error('refused') })],
  ['no answer in time', new errors.OperationTimedOutError('timed out', '10.0.0.1:9042')],
  ['a thing that is no error', 'boom'],
] as const)
  test(`after ${what} the record waits, it is not rejected`, () => {
    strictEqual(classify(error, 'writing').constructor, UnavailableError);
  });

test('the message says what failed and what each host answered', () => {
  const error = new errors.NoHostAvailableError({ '10.0.0.1:9042': new Error('ECONNREFUSED') });
  match(
    classify(error, 'connecting').message,
    /^connecting failed: no host took it \(10\.0\.0\.1:9042: ECONNREFUSED\)$/,
  );
});

test('what the server says of a row is not repeated: an oversized mutation’s message names its key', () => {
  for (const code of [codes.invalid, codes.serverError, codes.writeFailure]) {
    const error = response(code, 'Top keys are: visitor-4711');
    doesNotMatch(classify(error, 'writing').message, /4711/);
  }
});

test('a missing table is named, for whoever must make it', () => {
  const error = response(codes.invalid, 'table user_events does not exist');
  match(
    classify(error, 'writing').message,
    /writing failed: table user_events does not exist \(0x2200\)/,
  );
});
