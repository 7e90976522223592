import { deepStrictEqual, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { DeployConfigError } from '../../infra/config/read-deploy-config.ts';
import { type Leaf, leaves } from '../support/leaves.ts';
import { deploymentOf, sinks, sources, stage } from '../support/stages.ts';

type Settings = Readonly<Record<string, unknown>>;

const arn = (service: string, rest: string): string =>
  `arn:aws:${service}:eu-west-1:111122223333:${rest}`;
const secret = (name: string): string => arn('secretsmanager', `secret:${name}-ZyXwVu`);
const key = arn('kms', 'key/11111111-0000-4000-8000-000000000000');
const registryUrl = 'https://registry.example.org';
const glue = { kind: 'glue', registryArn: arn('glue', 'registry/events') };
const open = { kind: 'confluent', url: registryUrl, auth: 'none' };
const place = {
  vpcId: 'vpc-00000001',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  subnetIds: ['subnet-00000001', 'subnet-00000002'],
};
const demo = {
  account: undefined,
  region: undefined,
  source: { kind: 'demo' },
  sink: { kind: 'keyspaces', keyspace: 'demo' },
};

/** A stage for each kind of object, by the `variant` of a leaf. */
const variants: Readonly<Record<string, Settings>> = {
  '': {},
  'source msk iam': { source: sources['msk-iam'] },
  'source msk scram': { source: sources['msk-scram'] },
  'source msk mtls': { source: sources['msk-mtls'] },
  'source msk none': { source: sources['msk-none'] },
  'source msk-serverless iam': { source: sources['msk-serverless'] },
  'source self-managed scram-256': { source: sources['scram-256'] },
  'source self-managed none': { source: sources['none-vpc'] },
  'source demo': demo,
  'sink keyspaces': { sink: sinks.keyspaces },
  'sink cassandra': { sink: sinks.cassandra },
  'schemaRegistry glue': { schemaRegistry: { ...glue, validate: 'JSON' } },
  'schemaRegistry confluent none': { schemaRegistry: { ...open, validate: 'JSON' } },
  'schemaRegistry confluent basic': {
    schemaRegistry: { ...open, auth: 'basic', secretArn: secret('registry'), validate: 'JSON' },
  },
  'onFailure s3': { onFailure: { kind: 's3' } },
  'onFailure sqs': { onFailure: { kind: 'sqs' } },
  'onFailure topic': { onFailure: { kind: 'topic', topic: 'failed' } },
  'onFailure none': { onFailure: { kind: 'none' }, mapping: { retryAttempts: -1 } },
};

interface Change {
  readonly to: unknown;
  /** Other settings that the stage needs, for this setting to have a meaning. */
  readonly beside?: Settings;
  /** True if the stage is refused with the setting, which only constrains others. */
  readonly isRefused?: true;
}

const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
const folder = mkdtempSync(join(tmpdir(), 'every-setting-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'ca.pem'), certificate);

const inVpc = { network: place };
const nodesInVpc = {
  sink: sinks.cassandra,
  network: { ...place, database: { cidr: '10.0.0.0/16' } },
};
const confluent = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: registryUrl };
const units = { minimum: 1, maximum: 10 };
const provisioned = { capacity: { read: units, write: units } };

/** Another value for each setting without choices or bounds: a text, a list, or a setting that needs others. */
const changes: Readonly<Record<string, Change>> = {
  'source.availabilityZones': { to: ['eu-west-1b', 'eu-west-1c'] },
  stackName: { to: 'another' },
  tags: { to: { team: 'events' } },
  account: { to: '999999999999', beside: { source: sources['scram-256'], sink: sinks.cassandra } },
  region: { to: 'eu-west-2', beside: { source: sources['none-vpc'] } },
  topic: { to: 'another' },
  consumerGroup: { to: 'another' },
  'source.clusterArn': { to: sources['msk-iam'].clusterArn.replace('example', 'another') },
  'source.vpcConnectionArn': {
    to: arn('kafka', 'vpc-connection/111122223333/example/00000000-0000-4000-8000-00000000000a-2'),
  },
  'source.secretArn': { to: secret('AmazonMSK_another') },
  'source.secretKeyArn': { to: key },
  'source self-managed none: source.secretKeyArn': {
    to: key,
    beside: { source: { caSecretArn: secret('ca') } },
  },
  'source.bootstrapServers': { to: ['another.example.org:9096'] },
  'source.caSecretArn': { to: secret('another') },
  'source.vpc.subnetIds': {
    to: ['subnet-00000009'],
    beside: {
      source: { vpc: { subnetIds: ['subnet-00000001'], securityGroupIds: ['sg-00000001'] } },
    },
  },
  'source.vpc.securityGroupIds': {
    to: ['sg-00000009'],
    beside: {
      source: { vpc: { subnetIds: ['subnet-00000001'], securityGroupIds: ['sg-00000001'] } },
    },
  },
  'sink.keyspace': { to: 'another' },
  'sink.login.secretArn': {
    to: secret('another'),
    beside: { sink: { login: { secretArn: secret('one') } } },
  },
  'sink.login.secretKeyArn': { to: key, beside: { sink: { login: { secretArn: secret('one') } } } },
  'sink.contactPoints': { to: ['another.example.org'] },
  'sink.localDataCenter': { to: 'dc2' },
  'sink.caFile': { to: relative('.', join(folder, 'ca.pem')) },
  'sink.tables.replication': { to: { dc1: 3 } },
  'sink.tables.capacity': { to: 'on-demand', beside: { sink: { tables: provisioned } } },
  ...Object.fromEntries(
    ['read', 'write'].flatMap((what) =>
      Object.entries({ minimum: 2, maximum: 20, targetPercent: 50 }).map(([name, to]) => [
        `sink.tables.capacity.${what}.${name}`,
        { to, beside: { sink: { tables: provisioned } } },
      ]),
    ),
  ),
  'schemaRegistry.registryArn': { to: arn('glue', 'registry/another') },
  'schemaRegistry.url': { to: 'https://another.example.org' },
  'schemaRegistry.secretArn': { to: secret('another') },
  'schemaRegistry.caSecretArn': { to: secret('another') },
  'schemaRegistry.secretKeyArn': {
    to: key,
    beside: { schemaRegistry: { caSecretArn: secret('ca') } },
  },
  'mapping.startingPosition': { to: 'latest' },
  'mapping.startingTimestamp': {
    to: '2026-02-01T00:00:00Z',
    beside: {
      mapping: { startingPosition: 'at-timestamp', startingTimestamp: '2026-01-01T00:00:00Z' },
    },
  },
  'mapping.retryAttempts': { to: 7 },
  'mapping.batchSize': { to: 500 },
  'mapping.pollers': { to: 'on-demand' },
  'mapping.pollers.minimum': {
    to: 2,
    beside: { mapping: { pollers: { minimum: 1, maximum: 4 } } },
  },
  'mapping.pollers.maximum': {
    to: 8,
    beside: { mapping: { pollers: { minimum: 1, maximum: 4 } } },
  },
  'onFailure.topic': { to: 'another' },
  'network.vpcId': { to: 'vpc-00000009', beside: inVpc },
  // The zones only let a subnet of another region be found: no resource depends on them.
  'network.availabilityZones': { to: ['us-east-1a', 'us-east-1b'], beside: inVpc, isRefused: true },
  'network.subnetIds': { to: ['subnet-00000008', 'subnet-00000009'], beside: inVpc },
  'network.securityGroupIds': { to: ['sg-00000009'], beside: inVpc },
  'network.database.securityGroupId': {
    to: 'sg-00000009',
    beside: {
      sink: sinks.cassandra,
      network: { ...place, database: { securityGroupId: 'sg-00000008' } },
    },
  },
  'network.database.cidr': { to: '10.1.0.0/16', beside: nodesInVpc },
  'network.endpoints.keyspaces': { to: true, beside: inVpc },
  'network.endpoints.secretsManager': {
    to: true,
    beside: { ...inVpc, sink: sinks['keyspaces-login'] },
  },
  'function.logRetentionDays': { to: 7 },
  'alarms.topicArn': { to: arn('sns', 'alarms') },
  'alarms.runbook': { to: 'https://example.org/runbook' },
  'environment.OUT_OF_ORDERNESS_SECONDS': { to: '60' },
  'environment.LATENESS_RULE': { to: 'batch' },
  'environment.LATE_EVENTS': { to: 'drop' },
  'environment.MAX_FUTURE_SECONDS': { to: '60' },
  'environment.EVENT_TIME_EARLIEST': { to: '2000-01-01' },
  'environment.EVENT_TIME_LATEST': { to: '2100-01-01' },
  'environment.BUCKET': { to: 'hour' },
  'environment.EVENT_ID_IN_KEY': { to: 'on' },
  'environment.REJECTED_TTL_DAYS': { to: '60' },
  'environment.WIRE_FORMAT': { to: 'json' },
  'environment.SCHEMA_REGISTRY': {
    to: 'glue',
    beside: { schemaRegistry: { ...glue, validate: 'JSON' } },
  },
  'environment.SCHEMA_REGISTRY_URL': {
    to: 'https://another.example.org',
    beside: { environment: confluent },
  },
  'environment.SCHEMA_REGISTRY_AUTH': {
    to: 'mtls',
    beside: {
      environment: {
        ...confluent,
        SCHEMA_REGISTRY_AUTH: 'basic',
        SCHEMA_REGISTRY_SECRET_ARN: secret('one'),
      },
    },
  },
  'environment.SCHEMA_REGISTRY_SECRET_ARN': {
    to: secret('another'),
    beside: {
      environment: {
        ...confluent,
        SCHEMA_REGISTRY_AUTH: 'basic',
        SCHEMA_REGISTRY_SECRET_ARN: secret('one'),
      },
    },
  },
  'environment.SCHEMA_REGISTRY_CA': {
    to: certificate,
    beside: { environment: confluent },
  },
};

/** Lists other values of a setting that has choices or bounds, or is true or false. */
const byItself = (
  { type, enum: choices, default: fallback, otherwise, minimum, maximum }: Leaf['schema'],
  given: unknown,
): readonly unknown[] => {
  const now = given ?? fallback ?? otherwise;
  if (choices !== undefined) return choices.filter((choice) => choice !== now);
  if (type === 'boolean') return [!now];
  if (type === 'integer') return [minimum, maximum].filter((bound) => bound !== now);
  return [];
};

/** Merges two settings. An object of another kind replaces the earlier one. */
const merged = (one: unknown, other: unknown): unknown => {
  if (!isObject(one) || !isObject(other) || 'kind' in other) return other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...names].map((name) => [name, name in other ? merged(one[name], other[name]) : one[name]]),
  );
};
const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const valueAt = (settings: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((within, name) => Object(within)[name], settings);

const at = (path: string, value: unknown): Settings =>
  path.split('.').reduceRight<unknown>((below, name) => ({ [name]: below }), value) as Settings;

/** Synthesizes a stage: its template, or the reason why it is refused. */
const outcome = (given: object): { readonly deployed: string } | { readonly refused: string } => {
  try {
    return { deployed: deploymentOf(given) };
  } catch (error) {
    if (error instanceof DeployConfigError) return { refused: error.message };
    throw error;
  }
};

/** Tells whether a setting is a kind or auth, which only another variant changes. */
const isTold = ({ path }: Leaf): boolean => /^\w+\.(kind|auth)$/.test(path);

const all = leaves();

for (const { path, variant, schema } of all.filter((one) => !isTold(one))) {
  const name = variant === '' ? path : `${variant}: ${path}`;
  test(`a stage with another value of a setting is another stack: ${name}`, () => {
    const change = changes[name] ?? changes[path];
    ok(variant in variants, `a stage of ${variant} must stand in variants`);
    const base = merged(merged(stage(), variants[variant]), change?.beside ?? {}) as object;
    const values = change === undefined ? byItself(schema, valueAt(base, path)) : [change.to];
    ok(values.length > 0, `another value of ${path} must stand in changes`);
    const before = outcome(base);
    ok('deployed' in before, `the stage to begin with is refused: ${JSON.stringify(before)}`);
    for (const value of values) {
      const after = outcome(merged(base, at(path, value)) as object);
      if (change?.isRefused) ok('refused' in after && after.refused.includes(path));
      else {
        ok('deployed' in after, JSON.stringify(after));
        ok(after.deployed !== before.deployed, `${JSON.stringify(value)} changes nothing`);
      }
    }
  });
}

for (const { path, variant } of all) {
  const name = variant === '' ? path : `${variant}: ${path}`;
  const change = changes[name] ?? changes[path];
  const { to } = change ?? {};
  if (typeof to !== 'string' || !to.startsWith('arn:')) continue;
  test(`an ARN of another region, or of another partition, is refused: ${name}`, () => {
    const base = merged(merged(stage(), variants[variant]), change?.beside ?? {});
    for (const [arnElsewhere, rule] of [
      [to.replace('eu-west-1', 'us-east-1'), 'must be of the stack’s region, eu-west-1'],
      [to.replace('arn:aws:', 'arn:aws-cn:'), 'must be of the partition of region eu-west-1'],
    ] as const) {
      const after = outcome(merged(base, at(path, arnElsewhere)) as object);
      ok('refused' in after && after.refused.includes(`${path} ${rule}`), JSON.stringify(after));
    }
  });
}

test('a stage with another kind of thing, or another login, is another stack', () => {
  const kinds = all.filter(isTold).map(({ variant }) => variant);
  deepStrictEqual(
    [...new Set(kinds)].toSorted(),
    Object.keys(variants)
      .filter((variant) => variant !== '')
      .toSorted(),
  );
  const logins = {
    ...variants,
    ...Object.fromEntries(
      ['scram-512', 'plain', 'mtls'].map((auth) => [
        auth,
        { source: { ...sources['scram-256'], auth } },
      ]),
    ),
    'registry mtls': {
      schemaRegistry: {
        ...(variants['schemaRegistry confluent basic']?.['schemaRegistry'] as object),
        auth: 'mtls',
      },
    },
  };
  const deployments = Object.entries(logins).map(([name, settings]) => {
    const made = outcome(merged(stage(), settings) as object);
    ok('deployed' in made, `${name}: ${JSON.stringify(made)}`);
    return [made.deployed, name] as const;
  });
  const [, ...others] = deployments;
  // The first stage has MSK with IAM, Keyspaces and S3. MSK Serverless is deployed like MSK with IAM, and has no other login.
  const same = ['source msk iam', 'source msk-serverless iam', 'sink keyspaces', 'onFailure s3'];
  const different = others.filter(([, name]) => !same.includes(name));
  deepStrictEqual(new Set(deployments.map(([deployed]) => deployed)).size, different.length + 1);
});
