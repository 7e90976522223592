import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { mistakesOf, settingsOf } from '../../../support/settings.ts';

const confluent = {
  SCHEMA_REGISTRY: 'confluent',
  SCHEMA_REGISTRY_URL: 'https://registry.example.org/apis/ccompat/v7',
};

test('the required variables are enough, and the rest has defaults', () => {
  deepStrictEqual(settingsOf(), {
    contactPoints: ['10.0.0.1'],
    localDataCenter: 'dc1',
    keyspace: 'events',
    tls: true,
    ca: null,
    auth: 'none',
    secretArn: null,
    batches: 'frames',
    batchPartitions: null,
    batchKibibytes: null,
    consumerGroup: 'user-events',
    partialResponses: true,
    outOfOrdernessMs: 120_000,
    latenessRule: 'running',
    lateEvents: 'keep',
    maxFutureMs: 120_000,
    earliestEventTime: -62_135_596_800_000,
    latestEventTime: 253_402_300_799_999,
    bucket: 'day',
    eventIdInKey: false,
    rejectedTtlSeconds: 2_592_000,
    wireFormat: 'auto',
    registry: 'none',
    registryUrl: '',
    registryAuth: 'none',
    registrySecretArn: null,
    registryCa: null,
  });
});

test('an empty or blank variable counts as not given', () => {
  deepStrictEqual(settingsOf({ CASSANDRA_TLS: ' ', BUCKET: '' }), settingsOf());
});

test('all mistakes are reported together, each with rule and value', () => {
  const mistakes = mistakesOf(
    {
      CASSANDRA_CONTACT_POINTS: 'a:99999',
      CASSANDRA_KEYSPACE: 'my-keyspace',
      CASSANDRA_TLS: 'yes',
      OUT_OF_ORDERNESS_SECONDS: '-5',
      LATENESS_RULE: 'watermark',
      REJECTED_TTL_DAYS: '7301',
    },
    {},
  );
  deepStrictEqual(mistakes, [
    'CASSANDRA_CONTACT_POINTS must be comma-separated `host` or `host:port` (given "a:99999")',
    'CASSANDRA_LOCAL_DATACENTER must be a name (not given)',
    'CASSANDRA_KEYSPACE must be 1 to 48 letters, digits and _, beginning with a letter (given "my-keyspace")',
    'CASSANDRA_TLS must be `on` or `off` (given "yes")',
    'CONSUMER_GROUP_ID must be 1 to 200 of letters, digits and -/*:_+=.@ (not given)',
    'OUT_OF_ORDERNESS_SECONDS must be a whole number, 0 to 604800 (given "-5")',
    'LATENESS_RULE must be `running` or `batch` (given "watermark")',
    'REJECTED_TTL_DAYS must be a whole number, 0 to 7300 (given "7301")',
  ]);
});

test('a number that is not written in digits is refused', () => {
  for (const given of ['1.5', '1e3', '0x10', 'ten', '99999999999'])
    deepStrictEqual(mistakesOf({ MAX_FUTURE_SECONDS: given }).length, 1, given);
});

test('a value that is wrong in itself is reported once, without what it would ask of other settings', () => {
  for (const given of [
    { CASSANDRA_AUTH: 'token', CASSANDRA_SECRET_ARN: 'arn:aws:x' },
    { CASSANDRA_TLS: 'yes', CASSANDRA_CA: '-----BEGIN CERTIFICATE-----', CASSANDRA_AUTH: 'sigv4' },
    { CASSANDRA_AUTH: 'password', CASSANDRA_SECRET_ARN: 'a secret' },
    { EVENT_TIME_EARLIEST: 'x', EVENT_TIME_LATEST: '0001-01-01' },
    { SCHEMA_REGISTRY: 'apicurio', SCHEMA_REGISTRY_URL: 'https://registry' },
    { ...confluent, SCHEMA_REGISTRY_AUTH: 'token', SCHEMA_REGISTRY_SECRET_ARN: 'arn:aws:x' },
  ])
    deepStrictEqual(mistakesOf(given).length, 1, JSON.stringify(given));
});

test('a variable that is mistyped behind CASSANDRA_, SCHEMA_REGISTRY_ or EVENT_TIME_ is refused', () => {
  for (const name of ['CASSANDRA_CONTACTPOINTS', 'SCHEMA_REGISTRY_URI', 'EVENT_TIME_FIRST']) {
    const [mistake] = mistakesOf({ [name]: 'a' });
    ok(mistake?.startsWith(`${name} is not a setting`));
  }
});
