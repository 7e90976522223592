import { type Environment, readConfig, settings } from '../functions/ingest/config.ts';
import { ConfigError } from '../functions/ingest/errors.ts';
import { type Checks, createChecks } from './checks.ts';
import { checkSchemaRegistry, type SchemaRegistryConfig } from './schema-registry.ts';

/**
 * Amazon MSK. `scram` needs the secret that is associated with the cluster (its name begins with AmazonMSK_), and the
 * key that it is encrypted with: MSK takes none that is encrypted with AWS's own.
 */
export type MskSource = { readonly kind: 'msk'; readonly clusterArn: string } & (
  | { readonly auth: 'iam' }
  | { readonly auth: 'scram'; readonly secretArn: string; readonly secretKeyArn: string }
);

/** Any other cluster; brokers in a VPC need its subnets and a security group. */
export interface SelfManagedSource {
  readonly kind: 'self-managed';
  /** `host:port` of up to ten brokers. */
  readonly bootstrapServers: readonly string[];
  readonly auth: 'scram-256' | 'scram-512' | 'plain';
  readonly secretArn: string;
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupId: string };
}

/** What is deployed: one stage of `cdk.json`'s context. */
export interface DeployConfig {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly source: MskSource | SelfManagedSource;
  readonly topic: string;
  /** Where the schemas of its values are, when the mapping or the function asks for them. */
  readonly schemaRegistry?: SchemaRegistryConfig;
  /** Records, 1 to 10,000. */
  readonly batchSize: number;
  /** Seconds, 0 to 300. */
  readonly batchingWindowSeconds: number;
  /** Times a batch is tried again before it goes to the on-failure destination, 0 to 10,000. */
  readonly retryAttempts: number;
  /** Provisioned event pollers. */
  readonly pollers: { readonly minimum: number; readonly maximum: number };
  readonly function: {
    /** MB, 128 to 10,240. */
    readonly memory: number;
    /** Seconds, 1 to 840. */
    readonly timeoutSeconds: number;
    /** Where the function runs, when the database is reached from inside a VPC. */
    readonly vpc?: {
      readonly id: string;
      readonly availabilityZones: readonly string[];
      readonly subnetIds: readonly string[];
      readonly securityGroupIds: readonly string[];
    };
  };
  /** The function's own settings; see the README. */
  readonly environment: Environment;
}

/** All that is wrong with a stage, each with path, rule and value. */
export class DeployConfigError extends Error {
  override readonly name = 'DeployConfigError';
  readonly mistakes: readonly string[];

  constructor(stage: string, mistakes: readonly string[]) {
    super(
      `The configuration of stage "${stage}" in cdk.json is wrong:\n${mistakes
        .map((mistake) => `  - ${mistake}`)
        .join('\n')}`,
    );
    this.mistakes = mistakes;
  }
}

/**
 * Checks a stage.
 * @throws {DeployConfigError} naming every mistake.
 */
export const readDeployConfig = (stage: string, given: unknown): DeployConfig => {
  const checks = createChecks(given);
  checkStack(checks);
  checkSource(checks);
  checkFunction(checks);
  checkEnvironment(checks);
  checkSchemaRegistry(checks);
  const mistakes = [...checks.mistakes, ...environmentMistakes(checks.at('environment'))];
  if (mistakes.length > 0) throw new DeployConfigError(stage, mistakes);
  return given as DeployConfig;
};

const checkStack = ({ keys, text, wholeNumber, at, mistake }: Checks): void => {
  keys(
    '',
    'stackName',
    'account',
    'region',
    'source',
    'topic',
    'schemaRegistry',
    'batchSize',
    'batchingWindowSeconds',
    'retryAttempts',
    'pollers',
    'function',
    'environment',
  );
  keys('pollers', 'minimum', 'maximum');
  text(
    'stackName',
    /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
    'letters, digits and -, beginning with a letter',
  );
  text('account', /^\d{12}$/, 'an account’s 12 digits');
  text('region', /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region like eu-west-1');
  // The limits below are those of the Lambda API, CreateEventSourceMapping; it takes no names of one character. It lets
  // a name begin with anything, Kafka only with these: `*` would be a wildcard in the role's policy.
  text(
    'topic',
    /^[A-Za-z0-9_-][A-Za-z0-9._-]{1,248}$/,
    'a topic’s name, 2 to 249 letters, digits and ._-, not beginning with .',
  );
  wholeNumber('batchSize', 1, 10_000);
  wholeNumber('batchingWindowSeconds', 0, 300);
  // −1 (for ever) with an on-failure destination is 10 at AWS: it must be said instead.
  wholeNumber('retryAttempts', 0, 10_000);
  wholeNumber('pollers.minimum', 1, 200);
  wholeNumber('pollers.maximum', 1, 2000);
  const [minimum, maximum] = [at('pollers.minimum'), at('pollers.maximum')];
  if (typeof minimum === 'number' && typeof maximum === 'number' && minimum > maximum)
    mistake('pollers.maximum', `at least pollers.minimum (${minimum})`);
};

// With the six characters at its end: a policy needs them.
const secretArn =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$/;
const wholeArn = 'a secret’s whole ARN, as in …:secret:name-AbCdEf';

const checkSource = ({ keys, text, texts, oneOf, at, mistake }: Checks): void => {
  if (at('source.kind') === 'msk') {
    const login = at('source.auth') === 'scram' ? ['secretArn', 'secretKeyArn'] : [];
    keys('source', 'kind', 'clusterArn', 'auth', ...login);
    text(
      'source.clusterArn',
      /^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9-]+\/[A-Za-z0-9-]+$/,
      'an MSK cluster’s ARN',
    );
    oneOf('source.auth', 'iam', 'scram');
    if (at('source.auth') === 'scram') {
      text(
        'source.secretArn',
        /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:AmazonMSK_[A-Za-z0-9/_+=.@!-]*-[A-Za-z0-9]{6}$/,
        'the whole ARN of a secret whose name begins with AmazonMSK_',
      );
      text(
        'source.secretKeyArn',
        /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
        'a KMS key’s ARN',
      );
    }
    return;
  }
  if (at('source.kind') !== 'self-managed') {
    oneOf('source.kind', 'msk', 'self-managed');
    return;
  }
  keys('source', 'kind', 'bootstrapServers', 'auth', 'secretArn', 'vpc');
  texts('source.bootstrapServers', /^[A-Za-z0-9.-]+:\d{1,5}$/, 'host:port');
  const servers = at('source.bootstrapServers');
  if (Array.isArray(servers) && servers.length > 10)
    mistake('source.bootstrapServers', 'at most 10 of host:port');
  oneOf('source.auth', 'scram-256', 'scram-512', 'plain');
  text('source.secretArn', secretArn, wholeArn);
  if (at('source.vpc') !== undefined) {
    keys('source.vpc', 'subnetIds', 'securityGroupId');
    texts('source.vpc.subnetIds', /^subnet-/, 'subnet-…');
    text('source.vpc.securityGroupId', /^sg-/, 'sg-…');
  }
};

const checkFunction = ({ keys, text, texts, wholeNumber, at }: Checks): void => {
  keys('function', 'memory', 'timeoutSeconds', 'vpc');
  wholeNumber('function.memory', 128, 10_240);
  // A Kafka event source mapping refuses functions of more than 14 minutes.
  wholeNumber('function.timeoutSeconds', 1, 840);
  if (at('function.vpc') !== undefined) {
    keys('function.vpc', 'id', 'availabilityZones', 'subnetIds', 'securityGroupIds');
    text('function.vpc.id', /^vpc-/, 'vpc-…');
    texts('function.vpc.availabilityZones', /^[a-z0-9-]+$/, 'a zone');
    texts('function.vpc.subnetIds', /^subnet-/, 'subnet-…');
    texts('function.vpc.securityGroupIds', /^sg-/, 'sg-…');
  }
};

/** What the function's own checks do not see: JSON that is no text, a misspelt name, what cannot be granted. */
const checkEnvironment = ({ keys, at, mistake }: Checks): void => {
  keys('environment', ...Object.keys(settings));
  for (const [name, value] of Object.entries(Object(at('environment'))))
    if (typeof value !== 'string') mistake(`environment.${name}`, 'text, in quotes');
  const secret = at('environment.CASSANDRA_SECRET_ARN');
  // A name alone cannot be granted.
  if (typeof secret === 'string' && secret !== '' && !secretArn.test(secret))
    mistake('environment.CASSANDRA_SECRET_ARN', wholeArn);
  const group = at('environment.CONSUMER_GROUP_ID');
  if (at('source.auth') === 'iam' && typeof group === 'string' && group.includes('*'))
    mistake(
      'environment.CONSUMER_GROUP_ID',
      'without * under IAM, which would take it for any group',
    );
};

/** The function would refuse to start with these: they are refused here. */
const environmentMistakes = (environment: unknown): string[] => {
  const known = Object.entries(Object(environment))
    .filter(([name]) => Object.hasOwn(settings, name))
    .map(([name, value]) => [name, String(value)]);
  try {
    readConfig(Object.fromEntries(known));
    return [];
  } catch (error) {
    if (error instanceof ConfigError)
      return error.mistakes.map((mistake) => `environment: ${mistake}`);
    throw error;
  }
};
