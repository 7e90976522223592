import { earliestTime } from '../event/readable-time.ts';
import { ConfigError } from '../pipeline/errors.ts';

/** How lateness is judged: by what was seen before the record, or by its whole batch (docs/architecture.md). */
type LatenessRule = 'running' | 'batch';

/** What becomes of late events: kept in `rejected_events`, or only counted. */
type LateEvents = 'keep' | 'drop';

/** The time part of a `user_events` partition. */
type Bucket = 'day' | 'hour';

/** Who puts batches of rows together: the function itself, or the driver's public interface. */
type Batches = 'frames' | 'driver';

/** The function's settings, checked; times in milliseconds unless the name says otherwise. */
export interface Config {
  /** `host` or `host:port`. */
  readonly contactPoints: readonly string[];
  readonly localDataCenter: string;
  readonly keyspace: string;
  readonly tls: boolean;
  /** PEM of the certificate authority that replaces Node's own list, or null for Node's own. */
  readonly ca: string | null;
  readonly auth: 'none' | 'password' | 'sigv4';
  readonly secretArn: string | null;
  readonly batches: Batches;
  /** Of one unlogged batch on Cassandra. */
  readonly batchPartitions: number;
  /** KiB of one unlogged batch over several partitions on Cassandra. */
  readonly batchKibibytes: number;
  readonly consumerGroup: string;
  /** Whether failed records are reported by themselves; else the invocation fails. */
  readonly partialResponses: boolean;
  readonly outOfOrdernessMs: number;
  readonly latenessRule: LatenessRule;
  readonly lateEvents: LateEvents;
  readonly maxFutureMs: number;
  /** The first and the last event time that is valid. */
  readonly earliestEventTime: number;
  readonly latestEventTime: number;
  readonly bucket: Bucket;
  /** Whether `event_id` is the last clustering column of `user_events`. */
  readonly eventIdInKey: boolean;
  /** 0 keeps rejected records for ever. */
  readonly rejectedTtlSeconds: number;
  readonly wireFormat: 'auto' | 'bare' | 'confluent' | 'glue';
  readonly registry: 'none' | 'confluent' | 'glue';
  /** Of a Confluent registry; '' without one. */
  readonly registryUrl: string;
  readonly registryAuth: 'none' | 'basic' | 'mtls';
  readonly registrySecretArn: string | null;
  /** As `ca`, of the registry. */
  readonly registryCa: string | null;
}

interface Setting {
  readonly meaning: string;
  readonly rule: string;
  /** The text taken when the variable is absent or empty, or the variable whose value is; null: there is none, it must be given. */
  readonly fallback: string | { readonly sameAs: string } | null;
  readonly accepts: (text: string) => boolean;
}

const pattern = (expression: RegExp) => (text: string) => expression.test(text);
const oneOf =
  (...choices: readonly string[]) =>
  (text: string) =>
    choices.includes(text);
const wholeNumber = (lowest: number, highest: number) => (text: string) =>
  /^\d{1,10}$/.test(text) && Number(text) >= lowest && Number(text) <= highest;

const contactPoint = /^(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/;
const isContactPoint = (text: string): boolean => {
  const match = contactPoint.exec(text);
  return match !== null && (match[1] === undefined || (+match[1] >= 1 && +match[1] <= 65_535));
};

const isPem = (text: string): boolean =>
  text === '' || text.includes('-----BEGIN CERTIFICATE-----');

/** Milliseconds of a date, or of a date and time in UTC; NaN where the text is none. A date alone is its first millisecond. */
const toTime = (text: string): number => {
  const match = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.exec(text);
  const time = match === null ? Number.NaN : Date.parse(text);
  // Date.parse makes the 2nd of March of the 30th of February.
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(match?.[1] ?? '')
    ? Number.NaN
    : time;
};
const isTime = (text: string): boolean => toTime(text) >= earliestTime;

/** The same for the end of a range: a date alone is its last millisecond. */
const toLastTime = (text: string): number => toTime(text) + (text.includes('T') ? 0 : 86_399_999);

const isRegistryUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return (
    (url?.protocol === 'https:' || url?.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
};

/** Every environment variable that the function reads; the README's table is tested against it. */
export const settings = {
  CASSANDRA_CONTACT_POINTS: {
    meaning:
      'where the driver finds the cluster first; port 9142 for Keyspaces, else 9042, unless given; the other nodes have the first one’s port',
    rule: 'comma-separated `host` or `host:port`',
    fallback: null,
    accepts: (text) => text.split(',').every((part) => isContactPoint(part.trim())),
  },
  CASSANDRA_LOCAL_DATACENTER: {
    meaning: 'the data centre that is written to (LOCAL_QUORUM); the region on Keyspaces',
    rule: 'a name',
    fallback: null,
    accepts: pattern(/^[A-Za-z0-9_.-]{1,100}$/),
  },
  CASSANDRA_KEYSPACE: {
    meaning: 'the keyspace of the three tables',
    rule: '1 to 48 letters, digits and _, beginning with a letter',
    fallback: null,
    accepts: pattern(/^[A-Za-z][A-Za-z0-9_]{0,47}$/),
  },
  CASSANDRA_TLS: {
    meaning: 'encrypt, and verify the server',
    rule: '`on` or `off`',
    fallback: 'on',
    accepts: oneOf('on', 'off'),
  },
  CASSANDRA_CA: {
    meaning: 'the authority that signed the servers’ certificates, if not a public one',
    rule: 'PEM text; empty for Node’s own list',
    fallback: '',
    accepts: isPem,
  },
  CASSANDRA_AUTH: {
    meaning:
      'how to log in: `password` reads a secret, `sigv4` signs with the function’s role (Keyspaces)',
    rule: '`none`, `password` or `sigv4`',
    fallback: 'none',
    accepts: oneOf('none', 'password', 'sigv4'),
  },
  CASSANDRA_SECRET_ARN: {
    meaning: 'the Secrets Manager secret `{"username":…,"password":…}` for `password`',
    rule: 'a secret’s ARN or name; empty without `password`',
    fallback: '',
    accepts: pattern(/^[A-Za-z0-9/_+=.@:!-]{0,2048}$/),
  },
  CASSANDRA_BATCHES: {
    meaning: 'write rows by requests put together here, or by the driver’s `batch` (slower)',
    rule: '`frames` or `driver`',
    fallback: 'frames',
    accepts: oneOf('frames', 'driver'),
  },
  CASSANDRA_BATCH_PARTITIONS: {
    meaning:
      'partitions in one unlogged batch (Cassandra warns above its `unlogged_batch_across_partitions_warn_threshold`); not on Keyspaces',
    rule: 'a whole number, 1 to 100',
    fallback: '10',
    accepts: wholeNumber(1, 100),
  },
  CASSANDRA_BATCH_KIB: {
    meaning:
      'KiB in one unlogged batch over several partitions (Cassandra warns above its `batch_size_warn_threshold`, and fails above `batch_size_fail_threshold`); not on Keyspaces',
    rule: 'a whole number, 1 to 1024',
    fallback: '5',
    accepts: wholeNumber(1, 1_024),
  },
  CONSUMER_GROUP_ID: {
    meaning: 'the group whose checkpoints these are; the event source mapping’s',
    rule: '1 to 200 of letters, digits and -/*:_+=.@',
    fallback: null,
    accepts: pattern(/^[A-Za-z0-9\-/*:_+=.@]{1,200}$/),
  },
  PARTIAL_RESPONSES: {
    meaning:
      'report failed records alone; `off` fails the invocation, for a mapping on demand, which would take the report for success',
    rule: '`on` or `off`',
    fallback: 'on',
    accepts: oneOf('on', 'off'),
  },
  OUT_OF_ORDERNESS_SECONDS: {
    meaning: 'how far behind the largest event time an event may be, in seconds',
    rule: 'a whole number, 0 to 604800',
    fallback: '120',
    accepts: wholeNumber(0, 604_800),
  },
  LATENESS_RULE: {
    meaning: 'judge by what was seen before the record, or by its whole batch',
    rule: '`running` or `batch`',
    fallback: 'running',
    accepts: oneOf('running', 'batch'),
  },
  LATE_EVENTS: {
    meaning: 'keep late events in `rejected_events`, or only count them',
    rule: '`keep` or `drop`',
    fallback: 'keep',
    accepts: oneOf('keep', 'drop'),
  },
  MAX_FUTURE_SECONDS: {
    meaning:
      'how far ahead of its record’s timestamp (of the clock, where that is earlier) an event time may be and still raise the maximum, in seconds; above OUT_OF_ORDERNESS_SECONDS, fast clocks make right events late',
    rule: 'a whole number, 0 to 604800',
    fallback: { sameAs: 'OUT_OF_ORDERNESS_SECONDS' },
    accepts: wholeNumber(0, 604_800),
  },
  EVENT_TIME_EARLIEST: {
    meaning: 'the first `event_time` that is valid; a date is its first millisecond',
    rule: 'a date, or a date and time in UTC, like `2020-01-01T00:00:00Z`',
    fallback: '0001-01-01',
    accepts: isTime,
  },
  EVENT_TIME_LATEST: {
    meaning: 'the last `event_time` that is valid; a date is its last millisecond',
    rule: 'a date, or a date and time in UTC, like `2099-12-31T23:59:59Z`',
    fallback: '9999-12-31',
    accepts: isTime,
  },
  BUCKET: {
    meaning: 'one `user_events` partition a user and day, or a user and hour (another schema)',
    rule: '`day` or `hour`',
    fallback: 'day',
    accepts: oneOf('day', 'hour'),
  },
  EVENT_ID_IN_KEY: {
    meaning: 'whether `event_id` is the last clustering column of `user_events` (another schema)',
    rule: '`on` or `off`',
    fallback: 'off',
    accepts: oneOf('on', 'off'),
  },
  REJECTED_TTL_DAYS: {
    meaning: 'how long rejected records are kept, in days; 0 for ever',
    rule: 'a whole number, 0 to 7300',
    fallback: '30',
    // 7,300 days are 630,720,000 s, the longest TTL of Cassandra and Keyspaces.
    accepts: wholeNumber(0, 7_300),
  },
  WIRE_FORMAT: {
    meaning:
      'how values begin: `auto` tells by the first byte; name the format where a bare value could begin with 0, 1 or 3',
    rule: '`auto`, `bare`, `confluent` or `glue`',
    fallback: 'auto',
    accepts: oneOf('auto', 'bare', 'confluent', 'glue'),
  },
  SCHEMA_REGISTRY: {
    meaning:
      'who has the schemas that values were written with: a registry with Confluent’s API, AWS Glue, or only those bundled',
    rule: '`none`, `confluent` or `glue`',
    fallback: 'none',
    accepts: oneOf('none', 'confluent', 'glue'),
  },
  SCHEMA_REGISTRY_URL: {
    meaning: 'where the `confluent` registry is; `http` only without a login',
    rule: 'an `https` or `http` address without a login in it',
    fallback: '',
    accepts: (text) => isRegistryUrl(text),
  },
  SCHEMA_REGISTRY_AUTH: {
    meaning:
      'how to log in to the `confluent` registry: name and password, or a client certificate',
    rule: '`none`, `basic` or `mtls`',
    fallback: 'none',
    accepts: oneOf('none', 'basic', 'mtls'),
  },
  SCHEMA_REGISTRY_SECRET_ARN: {
    meaning:
      'the secret `{"username":…,"password":…}` for `basic`, `{"certificate":…,"privateKey":…}` for `mtls`',
    rule: 'a secret’s ARN or name; empty without a login',
    fallback: '',
    accepts: pattern(/^[A-Za-z0-9/_+=.@:!-]{0,2048}$/),
  },
  SCHEMA_REGISTRY_CA: {
    meaning: 'the authority that signed the registry’s certificate, if not a public one',
    rule: 'PEM text; empty for Node’s own list',
    fallback: '',
    accepts: isPem,
  },
} as const satisfies Record<string, Setting>;

type Name = keyof typeof settings;
type Required = { [N in Name]: (typeof settings)[N]['fallback'] extends null ? N : never }[Name];

/** The variables as whoever deploys the function gives them: the ones without a default must be there. */
export type Environment = { readonly [N in Required]: string } & {
  readonly [N in Exclude<Name, Required>]?: string;
};

/** A certificate is long, an address may have a password in it, and what stands wrongly for a secret may be the secret. */
const withheld: ReadonlySet<Name> = new Set([
  'CASSANDRA_CA',
  'CASSANDRA_SECRET_ARN',
  'SCHEMA_REGISTRY_CA',
  'SCHEMA_REGISTRY_SECRET_ARN',
  'SCHEMA_REGISTRY_URL',
]);

const seconds = 1000;
const secondsOfADay = 86_400;

/**
 * Reads the settings from environment variables.
 * @throws {ConfigError} naming every mistake with its rule and value (what may be a secret is not repeated).
 */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const mistakes: string[] = [];
  const unchecked = (name: Name): string => environment[name]?.trim() ?? '';
  const standard = (name: Name): string => {
    const { fallback }: Setting = settings[name];
    if (fallback === null || typeof fallback === 'string') return fallback ?? '';
    const other = fallback.sameAs as Name;
    return unchecked(other) || standard(other);
  };
  const text = (name: Name): string => {
    const { fallback, rule, accepts }: Setting = settings[name];
    const given = unchecked(name);
    if (given === '') {
      if (fallback === null) mistakes.push(`${name} must be ${rule} (not given)`);
      return standard(name);
    }
    if (!accepts(given)) {
      const shown = withheld.has(name) ? `${given.length} characters` : JSON.stringify(given);
      mistakes.push(`${name} must be ${rule} (given ${shown})`);
    }
    return given;
  };

  const config: Config = {
    contactPoints: text('CASSANDRA_CONTACT_POINTS')
      .split(',')
      .map((part) => part.trim()),
    localDataCenter: text('CASSANDRA_LOCAL_DATACENTER'),
    keyspace: text('CASSANDRA_KEYSPACE'),
    tls: text('CASSANDRA_TLS') === 'on',
    ca: text('CASSANDRA_CA') || null,
    auth: text('CASSANDRA_AUTH') as Config['auth'],
    secretArn: text('CASSANDRA_SECRET_ARN') || null,
    batches: text('CASSANDRA_BATCHES') as Batches,
    batchPartitions: Number(text('CASSANDRA_BATCH_PARTITIONS')),
    batchKibibytes: Number(text('CASSANDRA_BATCH_KIB')),
    consumerGroup: text('CONSUMER_GROUP_ID'),
    partialResponses: text('PARTIAL_RESPONSES') === 'on',
    outOfOrdernessMs: Number(text('OUT_OF_ORDERNESS_SECONDS')) * seconds,
    latenessRule: text('LATENESS_RULE') as LatenessRule,
    lateEvents: text('LATE_EVENTS') as LateEvents,
    maxFutureMs: Number(text('MAX_FUTURE_SECONDS')) * seconds,
    earliestEventTime: toTime(text('EVENT_TIME_EARLIEST')),
    latestEventTime: toLastTime(text('EVENT_TIME_LATEST')),
    bucket: text('BUCKET') as Bucket,
    eventIdInKey: text('EVENT_ID_IN_KEY') === 'on',
    rejectedTtlSeconds: Number(text('REJECTED_TTL_DAYS')) * secondsOfADay,
    wireFormat: text('WIRE_FORMAT') as Config['wireFormat'],
    registry: text('SCHEMA_REGISTRY') as Config['registry'],
    registryUrl: text('SCHEMA_REGISTRY_URL'),
    registryAuth: text('SCHEMA_REGISTRY_AUTH') as Config['registryAuth'],
    registrySecretArn: text('SCHEMA_REGISTRY_SECRET_ARN') || null,
    registryCa: text('SCHEMA_REGISTRY_CA') || null,
  };

  if (config.auth === 'password' && config.secretArn === null)
    mistakes.push(
      'CASSANDRA_SECRET_ARN must be given when CASSANDRA_AUTH is `password` (not given)',
    );
  if (config.auth !== 'password' && config.secretArn !== null)
    mistakes.push(
      `CASSANDRA_AUTH must be \`password\` when CASSANDRA_SECRET_ARN is given (given "${config.auth}")`,
    );
  if (config.auth === 'sigv4' && !config.tls)
    mistakes.push('CASSANDRA_TLS must be `on` when CASSANDRA_AUTH is `sigv4` (given "off")');
  if (config.ca !== null && !config.tls)
    mistakes.push('CASSANDRA_CA must be empty when CASSANDRA_TLS is `off` (it would do nothing)');
  if (config.earliestEventTime >= config.latestEventTime)
    mistakes.push('EVENT_TIME_EARLIEST must be before EVENT_TIME_LATEST');
  mistakes.push(...registryMistakes(config), ...concurrencyMistakes(environment));
  for (const name of Object.keys(environment))
    if (/^(CASSANDRA|SCHEMA_REGISTRY|EVENT_TIME)_/.test(name) && !(name in settings))
      mistakes.push(`${name} is not a setting (is it one of ${Object.keys(settings).join(', ')}?)`);

  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
};

/**
 * What says that Lambda calls this process with several batches at once, as Lambda Managed Instances do
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html). An invocation's counts and scratch bytes belong to the
 * process, and those of two would mix.
 */
const concurrencyMistakes = (
  environment: Readonly<Record<string, string | undefined>>,
): string[] => {
  const managed = environment['AWS_LAMBDA_INITIALIZATION_TYPE'] === 'lambda-managed-instances';
  const most = Number(environment['AWS_LAMBDA_MAX_CONCURRENCY'] ?? 1);
  return managed || most > 1
    ? [
        'Lambda Managed Instances call one process with several batches at once, and this function keeps the state of one batch in its ' +
          'process: deploy it as an ordinary Lambda function, without a capacity provider',
      ]
    : [];
};

/** What the settings of the registry ask of each other. */
const registryMistakes = (config: Config): string[] => {
  const { registry, registryUrl, registryAuth, registrySecretArn, registryCa } = config;
  const mistakes: string[] = [];
  if (registry === 'confluent' && registryUrl === '')
    mistakes.push(
      'SCHEMA_REGISTRY_URL must be given when SCHEMA_REGISTRY is `confluent` (not given)',
    );
  for (const [name, given] of [
    ['SCHEMA_REGISTRY_URL', registryUrl !== ''],
    ['SCHEMA_REGISTRY_AUTH', registryAuth !== 'none'],
    ['SCHEMA_REGISTRY_CA', registryCa !== null],
  ] as const)
    if (registry !== 'confluent' && given)
      mistakes.push(`${name} is for SCHEMA_REGISTRY=confluent (given "${registry}")`);
  if ((registryAuth === 'none') !== (registrySecretArn === null))
    mistakes.push(
      'SCHEMA_REGISTRY_SECRET_ARN must be given when SCHEMA_REGISTRY_AUTH is `basic` or `mtls`, and only then',
    );
  if (registryUrl.startsWith('http:') && (registryAuth !== 'none' || registryCa !== null))
    mistakes.push(
      'SCHEMA_REGISTRY_URL must begin with https: when there is a login or an authority',
    );
  return mistakes;
};
