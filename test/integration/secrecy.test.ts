import { doesNotMatch, match, ok } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startFunction } from 'local-kafka-trigger';
import { reasons } from '../../functions/ingest/event/rejection.ts';
import { bundleFunction } from '../../local/bundle.ts';
import { type Keyspace, openKeyspace } from '../../local/keyspace.ts';
import { type CassandraServer, startCassandra } from '../../local/servers/cassandra.ts';
import { encode, type Fields, fields } from '../support/avro.ts';
import { RawAnswer } from '../support/aws-service.ts';
import { type SecretsManager, startSecretsManager } from '../support/secrets-manager.ts';

// All contents and secrets have a canary. No output or answer of the bundled function's process may have it, whatever happens to
// the records.
const canary = 'canary-4711';
/** The forms of the canary: the word itself, in hexadecimal, in base64 at each alignment, and as a list of bytes. */
const song = /canary|63616e617279|Y2FuYXJ5|NhbmFye|jYW5hcn|99, ?97, ?110, ?97/i;

const keys = {
  AWS_ACCESS_KEY_ID: 'AKIACANARY',
  AWS_SECRET_ACCESS_KEY: canary,
  AWS_SESSION_TOKEN: canary,
};

let folder: string;
let bundle: string;
let server: CassandraServer;
let secrets: SecretsManager;
let keyspace: Keyspace;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrecy-'));
  bundle = await bundleFunction(folder);
  server = await startCassandra({
    tls: true,
    password: true,
    extraYaml: { authorizer: 'CassandraAuthorizer' },
  });
  secrets = await startSecretsManager({
    admin: JSON.stringify(server.credentials),
    right: JSON.stringify({ username: canary, password: canary }),
    'wrong-password': JSON.stringify({ username: canary, password: `${canary}-no` }),
    'no-rights': JSON.stringify({ username: `${canary}-2`, password: canary }),
    'no-json': `{"username":"${canary}`,
    'other-json': JSON.stringify({ user: canary, password: canary }),
    garbled: new RawAnswer(200, `{"SecretString":"{\\"password\\":\\"${canary}`),
    'wrong-signature': new RawAnswer(
      400,
      JSON.stringify({
        __type: 'InvalidSignatureException',
        message: `The Canonical String should have been 'POST\nx-amz-security-token:${canary}'`,
      }),
    ),
  });
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    ...keys,
  };
  Object.assign(process.env, environment);
  keyspace = await openKeyspace({
    bootstrapServers: [],
    cassandra: {
      CASSANDRA_CONTACT_POINTS: server.contactPoints.join(','),
      CASSANDRA_LOCAL_DATACENTER: server.localDataCenter,
      // A text before a certificate is a comment.
      CASSANDRA_CA: `${canary}\n${server.ca}`,
      CASSANDRA_AUTH: 'password',
      CASSANDRA_SECRET_ARN: 'admin',
    },
    externalCassandra: false,
    [Symbol.asyncDispose]: async () => {},
  });
  for (const role of [canary, `${canary}-2`])
    await statement(`CREATE ROLE "${role}" WITH PASSWORD = '${canary}' AND LOGIN = true`);
  await statement(`GRANT ALL ON KEYSPACE ${keyspace.name} TO "${canary}"`);
});
after(async () => {
  await keyspace[Symbol.asyncDispose]();
  await secrets[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
const statement = (cql: string) => keyspace.client.execute(cql, [], { prepare: false });

/** Gives the function's process these events; returns its output and answers, which must not have the canary. */
const written = async (
  settings: Readonly<Record<string, string>>,
  events: readonly unknown[],
  timeoutSeconds: number,
): Promise<string> => {
  const lines: string[] = [];
  {
    await using lambda = await startFunction({
      handler: bundle,
      environment: {
        ...keyspace.environment,
        CASSANDRA_SECRET_ARN: 'right',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
        ...keys,
        ...settings,
      },
      timeoutSeconds,
      onLog: (line) => lines.push(line),
    });
    for (const event of events)
      lines.push(JSON.stringify(await lambda.invoke(JSON.stringify(event))));
  }
  ok(lines.length > 0);
  for (const line of lines) doesNotMatch(line, song);
  return lines.join('\n');
};

/** Reads the line of the batch. It may come after the answer: the two have ways of their own. */
const batchIn = (text: string) =>
  JSON.parse(text.split('\n').find((line) => line.includes('"message":"batch"')) ?? '');

const item = (offset: number, given: object = {}): object => ({
  topic: 'events',
  partition: 0,
  offset,
  timestamp: 1_700_000_000_000,
  key: Buffer.from(canary).toString('base64'),
  headers: [{ [canary]: [...Buffer.from(canary)] }],
  ...given,
});
const eventOf = (...items: readonly unknown[]): object => ({
  eventSource: 'aws:kafka',
  records: { 'events-0': items },
});
const withFields = (given: Partial<Fields>): object => ({
  value: encode({ event_type: canary, metadata: { [canary]: canary }, ...given }).toString(
    'base64',
  ),
});
const withBytes = (bytes: Buffer): object => ({ value: bytes.toString('base64') });

// The row is over the 2 MiB that the server accepts, the value is not.
const tooLarge = withFields({
  event_time: fields().event_time + 1,
  metadata: Object.fromEntries(
    Array.from({ length: 65_535 }, (_, n) => [`k${n}`, canary.padEnd(24)]),
  ),
});
// With so many entries the event is rejected without asking the database.
const tooMany = withFields({
  metadata: Object.fromEntries(Array.from({ length: 65_536 }, (_, n) => [`${canary}${n}`, ''])),
});
const everyOutcome = [
  withFields({}),
  withFields({ event_time: fields().event_time + 3_600_000 }),
  withFields({ event_time: fields().event_time - 3_600_000 }),
  {},
  withBytes(Buffer.from(`${canary} ${canary}`)),
  withBytes(Buffer.concat([encode({ event_type: canary }), Buffer.from(canary)])),
  withFields({ user_id: canary }),
  withFields({ event_id: canary }),
  withFields({ event_type: '' }),
  withFields({ event_type: canary.repeat(100) }),
  withFields({ event_time: 9e15 }),
  // The value has Confluent's header, and there is no registry to ask.
  withBytes(Buffer.concat([Buffer.of(0, 0, 0, 0, 1), Buffer.from(canary)])),
  tooLarge,
  tooMany,
];

/** The reasons for which the records are rejected. An incompatible schema is left out, because it needs a registry. */
const provoked = reasons.filter((reason) => reason !== 'incompatible_schema');

test('every outcome of a record keeps its contents out of what is written', async () => {
  const items = everyOutcome.map((given, offset) => item(offset, given));
  const text = await written({}, [eventOf(...items)], 60);
  const { rejected, written: rows, future } = batchIn(text);
  ok(rows >= 1 && future >= 1, text);
  for (const reason of provoked) ok(rejected[reason] >= 1, `${reason} is missing: ${text}`);
  const { rows: kept } = await statement(`SELECT detail FROM ${keyspace.name}.rejected_events`);
  ok(kept.length >= provoked.length);
  for (const { detail } of kept) doesNotMatch(String(detail), song);
});

test('late events that are dropped, and a row that cannot even be rejected, do not show', async () => {
  const text = await written(
    { LATE_EVENTS: 'drop', CONSUMER_GROUP_ID: 'other' },
    [
      eventOf(
        item(0, withFields({})),
        item(1, withFields({ event_time: fields().event_time - 3_600_000 })),
        item(2, withFields({ metadata: { [canary]: 'x'.repeat(2_200_000) } })),
      ),
    ],
    60,
  );
  const { dropped, failed } = batchIn(text);
  ok(dropped === 1 && failed === 1, text);
  match(text, /refuses the row as too large/);
});

const half = `\ud800${canary}`;
const noKafkaEvents = [
  canary,
  [canary],
  { [canary]: canary },
  { eventSource: canary },
  ...[
    canary,
    [canary],
    { [`${canary} `]: [] },
    { 'events-0': canary },
    { 'events-0': { canary } },
  ].map((records) => ({ eventSource: 'aws:kafka', records })),
  ...[
    canary,
    [canary],
    item(0, { topic: `${canary} ` }),
    item(0, { topic: [canary] }),
    item(0, { partition: canary }),
    item(0, { offset: canary }),
  ].map((broken) => eventOf(broken)),
  eventOf(item(1), item(0)),
  eventOf(item(0), item(1, { partition: 1 })),
];

const malformed = [
  item(0, { timestamp: canary }),
  item(0, { key: `${canary}!` }),
  item(0, { value: { canary } }),
  item(0, { headers: canary }),
  item(0, { headers: [canary] }),
  item(0, { headers: [{ [canary]: canary }] }),
  item(0, { headers: [{ [canary]: [canary] }] }),
  item(0, { headers: [{ [half]: [] }] }),
];

test('a malformed record is rejected, and neither it nor what is wrong with it is repeated', async () => {
  const text = await written(
    {},
    malformed.map((record) => eventOf(record)),
    60,
  );
  const rejected = text.match(/"rejected_undecodable":1/g) ?? [];
  ok(rejected.length === malformed.length, text);
});

test('an event that is no Kafka event is not repeated, wherever it is none', async () => {
  const text = await written({}, noKafkaEvents, 60);
  const told = text.match(/"level":"ERROR".*"error":"NotAKafkaEventError"/g) ?? [];
  ok(told.length === noKafkaEvents.length, text);
});

/** The timeout in seconds. Transient failures are retried until it is nearly over. */
const untilGivenUp = 6;
const event = eventOf(item(100, withFields({})), item(101, withFields({ user_id: canary })));

for (const [what, settings, fault] of [
  ['a wrong password', { CASSANDRA_SECRET_ARN: 'wrong-password' }, /password are incorrect/],
  ['a user without permissions', { CASSANDRA_SECRET_ARN: 'no-rights' }, /has no SELECT permission/],
  ['a secret that is no JSON', { CASSANDRA_SECRET_ARN: 'no-json' }, /no-json must be JSON with/],
  [
    'a secret of other JSON',
    { CASSANDRA_SECRET_ARN: 'other-json' },
    /other-json must be JSON with/,
  ],
  ['a secret that is not there', { CASSANDRA_SECRET_ARN: 'missing' }, /ResourceNotFoundException/],
  [
    'an answer that is cut off',
    { CASSANDRA_SECRET_ARN: 'garbled' },
    /could not be read: SyntaxError/,
  ],
  [
    'a signature that AWS does not accept',
    { CASSANDRA_SECRET_ARN: 'wrong-signature' },
    /could not be read: InvalidSignatureException/,
  ],
  [
    'no Secrets Manager',
    { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1' },
    /could not be read: .*ECONNREFUSED/,
  ],
  ['a server that nobody vouches for', { CASSANDRA_CA: '' }, /self-signed certificate/],
  [
    'a certificate that is none',
    { CASSANDRA_CA: `-----BEGIN CERTIFICATE-----\n${canary}\n-----END CERTIFICATE-----` },
    /connecting to Cassandra/,
  ],
  ['no server', { CASSANDRA_CONTACT_POINTS: '127.0.0.1:1' }, /ECONNREFUSED 127.0.0.1:1/],
  ['no keyspace', { CASSANDRA_KEYSPACE: 'none_of_that_name' }, /does not exist|has no SELECT/],
  [
    'the secret itself in place of its name',
    { CASSANDRA_SECRET_ARN: JSON.stringify({ username: canary, password: canary }) },
    /CASSANDRA_SECRET_ARN must be .* \(given \d+ characters\)/,
  ],
  [
    'a password as a setting',
    { CASSANDRA_PASSWORD: canary },
    /CASSANDRA_PASSWORD is not a setting/,
  ],
] as const)
  test(`${what} is told, without secrets and contents`, async () => {
    match(await written(settings, [event], untilGivenUp), fault);
  });

for (const [what, change] of [
  ['a column of another type', 'ALTER TABLE user_events RENAME event_type TO other'],
  ['a missing table', 'DROP TABLE user_events'],
] as const)
  test(`${what} is told, without contents`, async () => {
    await statement(change.replace('user_events', `${keyspace.name}.user_events`));
    match(await written({}, [event], untilGivenUp), /"failed":2/);
  });
