import { deepStrictEqual, ok, throws } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '../../../../functions/ingest/pipeline/errors.ts';
import {
  type Environment,
  readConfig,
  settings,
} from '../../../../functions/ingest/settings/read-settings.ts';

const least: Environment = {
  CASSANDRA_CONTACT_POINTS: '10.0.0.1',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
  CASSANDRA_KEYSPACE: 'events',
  CONSUMER_GROUP_ID: 'user-events',
};
const mistakesIn = (given: Record<string, string>, base: Environment | object = least) => {
  let mistakes: readonly string[] = [];
  throws(
    () => readConfig({ ...base, ...given }),
    (error) => {
      if (!(error instanceof ConfigError)) return false;
      mistakes = error.mistakes;
      return true;
    },
  );
  return mistakes;
};

test('the required variables are enough, and the rest has defaults', () => {
  deepStrictEqual(readConfig(least), {
    contactPoints: ['10.0.0.1'],
    localDataCenter: 'dc1',
    keyspace: 'events',
    tls: true,
    ca: null,
    auth: 'none',
    secretArn: null,
    batches: 'frames',
    batchPartitions: 10,
    batchKibibytes: 5,
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

test('contact points are a comma list, with or without ports', () => {
  const config = readConfig({ ...least, CASSANDRA_CONTACT_POINTS: 'a.example, b:9142,[::1]:9042' });
  deepStrictEqual(config.contactPoints, ['a.example', 'b:9142', '[::1]:9042']);
});

test('an empty or blank variable counts as not given', () => {
  deepStrictEqual(readConfig({ ...least, CASSANDRA_TLS: ' ', BUCKET: '' }), readConfig(least));
});

test('all mistakes are reported together, each with rule and value', () => {
  const mistakes = mistakesIn(
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

test('a whole number is written in digits', () => {
  for (const given of ['1.5', '1e3', '0x10', 'ten', '99999999999'])
    deepStrictEqual(mistakesIn({ MAX_FUTURE_SECONDS: given }).length, 1, given);
});

test('an event may be as far ahead as it may be behind, unless MAX_FUTURE_SECONDS is given', () => {
  const futureOf = (given: Partial<Environment>) => readConfig({ ...least, ...given }).maxFutureMs;
  deepStrictEqual(futureOf({ OUT_OF_ORDERNESS_SECONDS: '30' }), 30_000);
  deepStrictEqual(futureOf({ OUT_OF_ORDERNESS_SECONDS: '600', MAX_FUTURE_SECONDS: ' ' }), 600_000);
  deepStrictEqual(futureOf({ OUT_OF_ORDERNESS_SECONDS: '30', MAX_FUTURE_SECONDS: '0' }), 0);
  deepStrictEqual(futureOf({ MAX_FUTURE_SECONDS: '300' }), 300_000);
  // A mistake in the one is told once.
  deepStrictEqual(mistakesIn({ OUT_OF_ORDERNESS_SECONDS: 'x' }).length, 1);
});

test('event times are narrowed by dates, whole days of them, or by times in UTC', () => {
  const range = (EVENT_TIME_EARLIEST: string, EVENT_TIME_LATEST: string) => {
    const config = readConfig({ ...least, EVENT_TIME_EARLIEST, EVENT_TIME_LATEST });
    return [config.earliestEventTime, config.latestEventTime].map((time) =>
      new Date(time).toISOString(),
    );
  };
  deepStrictEqual(range('2020-01-01', '2029-12-31'), [
    '2020-01-01T00:00:00.000Z',
    '2029-12-31T23:59:59.999Z',
  ]);
  deepStrictEqual(range('2020-01-01T12:00Z', '2020-01-01T12:00:00.5Z'), [
    '2020-01-01T12:00:00.000Z',
    '2020-01-01T12:00:00.500Z',
  ]);
  deepStrictEqual(range('2020-01-01', '2020-01-01').length, 2);
});

test('a range of event times that is none is refused', () => {
  for (const given of [
    '2020',
    '2020-1-1',
    '01.01.2020',
    '2026-02-30',
    '2026-13-01',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+01:00',
    '0000-12-31',
    '10000-01-01',
    '1577836800000',
  ])
    for (const name of ['EVENT_TIME_EARLIEST', 'EVENT_TIME_LATEST'])
      ok(mistakesIn({ [name]: given })[0]?.startsWith(`${name} must be a date`), given);
  for (const given of [
    { EVENT_TIME_EARLIEST: '2020-01-02', EVENT_TIME_LATEST: '2020-01-01' },
    { EVENT_TIME_EARLIEST: '2020-01-01T00:00Z', EVENT_TIME_LATEST: '2020-01-01T00:00Z' },
  ])
    deepStrictEqual(mistakesIn(given), ['EVENT_TIME_EARLIEST must be before EVENT_TIME_LATEST']);
});

test('a process that Lambda calls with several batches at once is refused, with the reason', () => {
  for (const given of [
    { AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances' },
    { AWS_LAMBDA_MAX_CONCURRENCY: '64' },
    { AWS_LAMBDA_MAX_CONCURRENCY: '2', AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' },
  ]) {
    const [mistake, ...others] = mistakesIn(given);
    ok(mistake?.startsWith('Lambda Managed Instances call one process with several batches'));
    deepStrictEqual(others, []);
  }
  for (const given of [
    { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' },
    { AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency' },
    { AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start', AWS_LAMBDA_MAX_CONCURRENCY: '1' },
    { AWS_LAMBDA_MAX_CONCURRENCY: '' },
  ])
    readConfig({ ...least, ...given });
});

/** The handler as a process of its own, whose database refuses connections. */
const startHandler = (given: Record<string, string>) =>
  spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../../../../functions/ingest/handler.ts')],
    {
      env: {
        ...process.env,
        ...least,
        CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
        CASSANDRA_TLS: 'off',
        ...given,
      },
      encoding: 'utf8',
      timeout: 60_000,
    },
  );

test('the function does not start under Lambda Managed Instances', () => {
  const { status, stderr } = startHandler({
    AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances',
  });
  ok(status !== 0 && stderr.includes('Lambda Managed Instances call one process'), stderr);
});

test('the function warns of a setting once when it starts, in a line of its log', () => {
  const { status, stdout } = startHandler({ MAX_FUTURE_SECONDS: '300' });
  const [{ level, setting, message }, ...others] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  deepStrictEqual([status, level, setting, others], [0, 'WARN', 'MAX_FUTURE_SECONDS', []]);
  ok(message.startsWith('MAX_FUTURE_SECONDS (300) is above OUT_OF_ORDERNESS_SECONDS (120)'));
  deepStrictEqual(startHandler({}).stdout, '');
});

test('a password needs a secret, a secret needs the password', () => {
  deepStrictEqual(mistakesIn({ CASSANDRA_AUTH: 'password' }), [
    'CASSANDRA_SECRET_ARN must be given when CASSANDRA_AUTH is `password` (not given)',
  ]);
  deepStrictEqual(mistakesIn({ CASSANDRA_SECRET_ARN: 'arn:aws:x' }), [
    'CASSANDRA_AUTH must be `password` when CASSANDRA_SECRET_ARN is given (given "none")',
  ]);
});

test('a setting that only TLS can carry out is refused without TLS', () => {
  deepStrictEqual(mistakesIn({ CASSANDRA_AUTH: 'sigv4', CASSANDRA_TLS: 'off' }).length, 1);
  const pem = '-----BEGIN CERTIFICATE-----';
  deepStrictEqual(mistakesIn({ CASSANDRA_CA: pem, CASSANDRA_TLS: 'off' }).length, 1);
});

test('a certificate authority that is no PEM is reported without repeating it', () => {
  deepStrictEqual(mistakesIn({ CASSANDRA_CA: '/etc/ca.pem' }), [
    'CASSANDRA_CA must be PEM text; empty for Node’s own list (given 11 characters)',
  ]);
});

test('a mistyped CASSANDRA_ or SCHEMA_REGISTRY_ variable is reported', () => {
  for (const name of ['CASSANDRA_CONTACTPOINTS', 'SCHEMA_REGISTRY_URI', 'EVENT_TIME_FIRST']) {
    const [mistake] = mistakesIn({ [name]: 'a' });
    ok(mistake?.startsWith(`${name} is not a setting`));
  }
});

const confluent = {
  SCHEMA_REGISTRY: 'confluent',
  SCHEMA_REGISTRY_URL: 'https://registry.example.org/apis/ccompat/v7',
};

test('a Confluent registry needs its address, and its other settings are for it alone', () => {
  deepStrictEqual(
    readConfig({ ...least, ...confluent }).registryUrl,
    confluent.SCHEMA_REGISTRY_URL,
  );
  deepStrictEqual(mistakesIn({ SCHEMA_REGISTRY: 'confluent' }), [
    'SCHEMA_REGISTRY_URL must be given when SCHEMA_REGISTRY is `confluent` (not given)',
  ]);
  deepStrictEqual(
    mistakesIn({
      SCHEMA_REGISTRY: 'glue',
      SCHEMA_REGISTRY_URL: confluent.SCHEMA_REGISTRY_URL,
      SCHEMA_REGISTRY_CA: '-----BEGIN CERTIFICATE-----',
    }),
    [
      'SCHEMA_REGISTRY_URL is for SCHEMA_REGISTRY=confluent (given "glue")',
      'SCHEMA_REGISTRY_CA is for SCHEMA_REGISTRY=confluent (given "glue")',
    ],
  );
});

test('a login to the registry needs a secret, a secret needs the login, and both need https', () => {
  const secret = { SCHEMA_REGISTRY_SECRET_ARN: 'arn:aws:x' };
  const login =
    'SCHEMA_REGISTRY_SECRET_ARN must be given when SCHEMA_REGISTRY_AUTH is `basic` or `mtls`, and only then';
  deepStrictEqual(mistakesIn({ ...confluent, ...secret }), [login]);
  deepStrictEqual(mistakesIn({ ...confluent, SCHEMA_REGISTRY_AUTH: 'mtls' }), [login]);
  const http = { ...confluent, SCHEMA_REGISTRY_URL: 'http://registry:8081' };
  deepStrictEqual(readConfig({ ...least, ...http }).registryUrl, 'http://registry:8081');
  deepStrictEqual(mistakesIn({ ...http, ...secret, SCHEMA_REGISTRY_AUTH: 'basic' }), [
    'SCHEMA_REGISTRY_URL must begin with https: when there is a login or an authority',
  ]);
});

test('an address with a password in it is refused, and not repeated', () => {
  deepStrictEqual(
    mistakesIn({ ...confluent, SCHEMA_REGISTRY_URL: 'https://user:secret@registry.example.org' }),
    [
      'SCHEMA_REGISTRY_URL must be an `https` or `http` address without a login in it (given 40 characters)',
    ],
  );
  for (const url of ['registry:8081', 'ftp://registry', 'https://registry?key=1'])
    deepStrictEqual(mistakesIn({ ...confluent, SCHEMA_REGISTRY_URL: url }).length, 1, url);
});

test('the README’s table has every variable with its default and its rule, and no other', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8');
  const rows = readme.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  const expected = Object.entries(settings).map(([name, { fallback, rule, meaning }]) => {
    const standard =
      fallback === null
        ? 'must be given'
        : typeof fallback === 'object'
          ? `as \`${fallback.sameAs}\``
          : fallback === ''
            ? '–'
            : `\`${fallback}\``;
    return `| \`${name}\` | ${standard} | ${rule} | ${meaning} |`;
  });
  deepStrictEqual(rows, expected);
});
