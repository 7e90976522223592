import { doesNotMatch, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { errors, types } from 'cassandra-driver';
import { classify, isRefusedLogin } from '../../../../functions/ingest/cassandra/classify.ts';
import {
  RefusedError,
  TransientError,
  UnavailableError,
} from '../../../../functions/ingest/errors.ts';

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

const socketClosed = Object.assign(new Error('Socket was closed'), { isSocketError: true });
const noHost = (...reasons: unknown[]) =>
  new errors.NoHostAvailableError(
    Object.fromEntries(reasons.map((reason, index) => [`10.0.0.${index}:9042`, reason])),
  );

for (const [what, error] of [
  ['a write timeout, which is how Keyspaces throttles', response(codes.writeTimeout, 'timeout')],
  ['a read timeout', response(codes.readTimeout, 'timeout')],
  ['an overloaded server', response(codes.overloaded, 'overloaded')],
  ['too few replicas', response(codes.unavailableException, 'unavailable')],
  ['a replica’s failure', response(codes.writeFailure, 'failed')],
  ['a server that starts', response(codes.isBootstrapping, 'starting')],
  ['an unknown server error', response(codes.serverError, 'java.lang.NullPointerException')],
  ['a lost connection', socketClosed],
  ['no answer in time', new errors.OperationTimedOutError('timed out', '10.0.0.1:9042')],
  ['too many requests on a connection', new errors.BusyConnectionError('10.0.0.1:9042', 1024, 1)],
  ['no host that could be resolved', new errors.NoHostAvailableError({}, 'No host')],
  ['hosts that are down', noHost('Host considered as DOWN', new Error('ECONNREFUSED'))],
  ['a host that is overloaded', noHost(response(codes.overloaded, 'overloaded'))],
] as const)
  test(`after ${what} the request is tried again in a moment`, () => {
    strictEqual(classify(error, 'writing').constructor, TransientError);
  });

const badCredentials = response(codes.badCredentials, 'Provided username or password');
const expired = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });

for (const [what, error] of [
  ['a missing permission', response(codes.unauthorized, 'no permission')],
  ['a missing table', response(codes.invalid, 'table user_events does not exist')],
  ['a missing table of older servers', response(codes.invalid, 'unconfigured table user_events')],
  ['a missing column', response(codes.invalid, 'Undefined column name metadata in table ks.t')],
  ['a column of another type', response(codes.invalid, 'Expected 4 or 0 byte int (8)')],
  ['a map where a text should be', response(codes.invalid, "String didn't validate.")],
  ['a refused login', badCredentials],
  ['a refused login at one of the hosts', noHost('Host considered as DOWN', badCredentials)],
  ['a certificate that is not trusted', noHost(expired)],
  ['a permission that no host gives', noHost(response(codes.unauthorized, 'no permission'))],
  ['another data centre', new errors.ArgumentError('localDataCenter was configured as dc9')],
  ['a thing that is no error', 'boom'],
] as const)
  test(`after ${what} the record waits: it is not rejected, and not tried again for nothing`, () => {
    strictEqual(classify(error, 'writing').constructor, UnavailableError);
  });

test('an error of ours is what it is', () => {
  const error = new TransientError('the secret could not be read');
  strictEqual(classify(error, 'writing'), error);
});

test('a refused login is known by the driver’s error, the server’s code, or what a host answered', () => {
  for (const error of [
    badCredentials,
    new errors.AuthenticationError('no'),
    noHost(badCredentials),
  ])
    strictEqual(isRefusedLogin(error), true);
  for (const error of [expired, noHost(expired), response(codes.overloaded, 'busy'), 'boom'])
    strictEqual(isRefusedLogin(error), false);
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
