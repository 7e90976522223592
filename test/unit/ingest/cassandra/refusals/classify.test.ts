import { deepStrictEqual, doesNotMatch, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { errors, types } from 'cassandra-driver';
import {
  classify,
  isRefusedLogin,
  latestExpiryOf,
  unpreparedId,
} from '../../../../../functions/ingest/cassandra/refusals/classify.ts';
import {
  RefusedError,
  TransientError,
  UnavailableError,
  UnknownRefusalError,
} from '../../../../../functions/ingest/pipeline/errors.ts';

const codes = types.responseErrorCodes;
const response = (code: number, message: string) => new errors.ResponseError(code, message);

for (const [what, error] of [
  [
    'a partition key that is too long',
    response(codes.invalid, 'Key length of 70000 is longer than maximum of 65535'),
  ],
  [
    'a partition key that is too long for ScyllaDB',
    response(codes.serverError, 'Key size too large: 65542 > 65535'),
  ],
  [
    'a clustering key that is too long',
    response(codes.invalid, 'The sum of all clustering columns is too long (70000 > 65535)'),
  ],
  [
    'a row too large for Amazon Keyspaces',
    response(codes.invalid, 'The update would cause the row to exceed the maximum allowed size'),
  ],
  [
    'a value over a guardrail of Cassandra',
    response(codes.invalid, "Guardrail column_value_size violated: Value of column 'metadata' has"),
  ],
  [
    'a map over a guardrail of Cassandra',
    response(codes.invalid, 'Guardrail collection_map_size violated: Detected collection metadata'),
  ],
  [
    'more entries than a guardrail of Cassandra allows',
    response(
      codes.invalid,
      'Guardrail items_per_collection violated: Detected collection metadata',
    ),
  ],
  [
    'a text too large for an index that somebody made',
    response(codes.invalid, 'Term of column event_type exceeds the byte limit for index. Term'),
  ],
  ['a batch that is too large, of several rows', response(codes.invalid, 'Batch too large')],
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

/** What Cassandra 5.0.8 answers. */
const tooLate = (kind: '' | 'default ', date = '2038-01-19T03:14:06+00:00') =>
  `Request on table ks.user_events with ${kind}ttl of 630720000 seconds exceeds maximum supported expiration date of ${date}. ` +
  'In order to avoid this use a lower TTL, change the expiration date overflow policy or upgrade to a version where this ' +
  'limitation is fixed. See CASSANDRA-14092 and CASSANDRA-14227 for more details.';

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
  ['a keyspace that is gone', response(codes.invalid, 'keyspace user_events does not exist')],
  [
    'a keyspace that is gone, of older servers',
    response(codes.invalid, "Keyspace 'user_events' doesn't exist"),
  ],
  [
    'a keyspace that older servers do not know',
    response(codes.invalid, 'unconfigured keyspace ks'),
  ],
  ['an expiry beyond the last that is stored', response(codes.invalid, tooLate(''))],
  [
    'an expiry by the table’s default beyond the last',
    response(codes.invalid, tooLate('default ')),
  ],
  [
    'a TTL of more than 20 years',
    response(codes.invalid, 'ttl is too large. requested (630720001)'),
  ],
  [
    'a consistency level that Amazon Keyspaces does not take',
    response(codes.invalid, 'Consistency level LOCAL_ONE is not supported for operation: write'),
  ],
  [
    'a statement that Amazon Keyspaces does not take',
    response(codes.invalid, 'Only UNLOGGED Batches are supported at this time.'),
  ],
  ['a feature that is not supported', response(codes.invalid, 'TTL is not yet supported.')],
  [
    'a guardrail about the disk',
    response(codes.invalid, 'Guardrail remote_data_disk_usage violated: Write request failed'),
  ],
  [
    'a guardrail about consistency levels',
    response(codes.invalid, 'Guardrail write_consistency_levels violated: Provided values [ONE]'),
  ],
  ['another data centre', new errors.ArgumentError('localDataCenter was configured as dc9')],
  ['a thing that is no error', 'boom'],
] as const)
  test(`after ${what} the record waits: it is not rejected, and not tried again for nothing`, () => {
    strictEqual(classify(error, 'writing').constructor, UnavailableError);
  });

for (const message of [
  'Something that no version says today',
  'Column value does not satisfy value constraint for column event_type',
  'Unable to write to denylisted partition [0x0010] in ks/user_events',
  // Contents of a row that read like a state of the schema, behind words that are not known.
  'Rejected value table user_events does not exist',
])
  test(`words that are not known decide nothing by themselves: ${message}`, () => {
    strictEqual(
      classify(response(codes.invalid, message), 'writing').constructor,
      UnknownRefusalError,
    );
  });

test('a key of an oversized row that reads like a missing table does not make the partition wait', () => {
  const error = response(
    codes.invalid,
    'Rejected an oversized mutation (3/2) for keyspace: ks. Top keys are: table x does not exist',
  );
  strictEqual(classify(error, 'writing').constructor, RefusedError);
});

test('a table’s default that expires too late is told with the setting, the statement and the last day', () => {
  const error = classify(
    response(codes.invalid, tooLate('default ')),
    'writing rows of user_events',
  );
  match(
    error.message,
    /^writing rows of user_events failed: Request on table ks\.user_events with default ttl of 630720000 seconds exceeds .* 2038-01-19T03:14:06\+00:00 \(0x2200\): lower sink\.tables\.userEventsTtlDays well below \d+ .*ALTER TABLE ks\.user_events WITH default_time_to_live = <its seconds>$/,
  );
});

for (const [mode, date, latest] of [
  ['as it comes', '2038-01-19T03:14:06+00:00', 2 ** 31 - 2],
  ['with storage_compatibility_mode NONE', '2106-02-07T06:28:13+00:00', 2 ** 32 - 3],
  ['that names its date otherwise', 'later', 2 ** 31 - 2],
] as const)
  test(`the last expiry of a server ${mode} is read from its answer`, () => {
    const error = classify(response(codes.invalid, tooLate('', date)), 'writing');
    strictEqual(latestExpiryOf(error), latest);
    match(error.message, /lower REJECTED_TTL_DAYS below \d+$/);
  });

test('unknown words are repeated without what may be contents of the row', () => {
  const error = response(
    codes.invalid,
    'Value of visitor-4711 at 00f067aa-0ba9 or deadbeef or Gänseblümchen is not what Rule seventeen asks for purchase',
  );
  const contents = [Buffer.from('PURCHASE'), null, Buffer.from('the visitor')];
  strictEqual(
    classify(error, 'writing', () => contents).message,
    'writing failed: the server answered 0x2200: “Value of …-… at …-… or … or … is not what Rule seventeen asks for …”',
  );
  strictEqual(classify(error, 'writing').message, 'writing failed: the server answered 0x2200');
});

test('a statement that a server has forgotten is found also where every host says so', () => {
  const forgotten = Object.assign(response(codes.unprepared, 'not found'), {
    queryId: Buffer.of(7),
  });
  deepStrictEqual(unpreparedId(forgotten), Buffer.of(7));
  deepStrictEqual(unpreparedId(noHost('Host considered as DOWN', forgotten)), Buffer.of(7));
  for (const error of [response(codes.overloaded, 'busy'), noHost(socketClosed), 'boom'])
    strictEqual(unpreparedId(error), null);
});

test('an error that this function raised itself stays what it is', () => {
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

test('the server’s words about a row are not repeated: an oversized mutation’s message names its key', () => {
  for (const code of [codes.invalid, codes.serverError, codes.writeFailure]) {
    const error = response(code, 'Top keys are: visitor-4711');
    doesNotMatch(classify(error, 'writing').message, /4711/);
  }
});

test('a missing table is named, for whoever must make it', () => {
  const error = response(codes.invalid, 'table user_events does not exist');
  match(
    classify(error, 'writing').message,
    /^writing failed: table user_events does not exist \(0x2200\): make it again by .*tables\.cql/,
  );
});
