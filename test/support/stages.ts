import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdk from '../../cdk.json' with { type: 'json' };
import { addChecks } from '../../infra/checks.ts';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';

const { stages, ...flags } = cdk.context;

const account = '111122223333';
const region = 'eu-west-1';
const secret = (name: string) =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
const secretKeyArn = `arn:aws:kms:${region}:${account}:key/00000000-0000-4000-8000-000000000000`;
const clusterArn = `arn:aws:kafka:${region}:${account}:cluster/example/00000000-0000-4000-8000-000000000000-1`;
const bootstrapServers = ['kafka-1.example.org:9096', 'kafka-2.example.org:9096'];
const vpc = {
  subnetIds: ['subnet-00000001', 'subnet-00000002'],
  securityGroupIds: ['sg-00000001'],
};
const selfManaged = { kind: 'self-managed', bootstrapServers };

/** Every kind of source with every possible login, from the internet and in a VPC. */
export const sources = {
  'msk-iam': { kind: 'msk', auth: 'iam', clusterArn },
  'msk-scram': {
    kind: 'msk',
    auth: 'scram',
    clusterArn,
    secretArn: secret('AmazonMSK_x'),
    secretKeyArn,
  },
  'msk-mtls': { kind: 'msk', auth: 'mtls', clusterArn, secretArn: secret('client') },
  'msk-none': { kind: 'msk', auth: 'none', clusterArn },
  'msk-serverless': { kind: 'msk-serverless', auth: 'iam', clusterArn },
  'scram-256': { ...selfManaged, auth: 'scram-256', secretArn: secret('kafka') },
  'scram-512-vpc': { ...selfManaged, auth: 'scram-512', secretArn: secret('kafka'), vpc },
  'plain-ca': {
    ...selfManaged,
    auth: 'plain',
    secretArn: secret('kafka'),
    caSecretArn: secret('ca'),
    secretKeyArn,
  },
  'mtls-ca-vpc': {
    ...selfManaged,
    auth: 'mtls',
    secretArn: secret('client'),
    caSecretArn: secret('ca'),
    vpc,
  },
  'none-vpc': { ...selfManaged, auth: 'none', vpc },
} as const;

const keyspaces = { kind: 'keyspaces', keyspace: 'user_events' };
const cassandra = {
  kind: 'cassandra',
  keyspace: 'user_events',
  contactPoints: ['cassandra-1.example.org', 'cassandra-2.example.org:9043'],
  localDataCenter: 'dc1',
};

/** Every kind of sink with every login. */
export const sinks = {
  keyspaces,
  'keyspaces-login': { ...keyspaces, login: { secretArn: secret('keyspaces') } },
  cassandra: { ...cassandra, login: { secretArn: secret('cassandra'), secretKeyArn } },
  'cassandra-open': { ...cassandra, tables: { replication: { dc1: 3 } } },
} as const;

const place = {
  vpcId: 'vpc-00000001',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  subnetIds: ['subnet-00000001', 'subnet-00000002'],
};

/** The networks: outside a VPC, in one with internet access, and in one with endpoints only. */
export const networks = ['internet', 'vpc', 'endpoints'] as const;

const networkOf = (network: (typeof networks)[number], sink: keyof typeof sinks): object => {
  if (network === 'internet') return {};
  const onKeyspaces = sinks[sink].kind === 'keyspaces';
  return {
    network: {
      ...place,
      ...(onKeyspaces ? {} : { database: { securityGroupId: 'sg-00000002' } }),
      ...(network === 'endpoints'
        ? { endpoints: { keyspaces: onKeyspaces, secretsManager: 'login' in sinks[sink] } }
        : {}),
    },
  };
};

/** Makes a stage of the matrix, with the settings that a test is about. */
export const stage = (
  source: keyof typeof sources = 'msk-iam',
  sink: keyof typeof sinks = 'keyspaces',
  network: (typeof networks)[number] = 'internet',
  settings: object = {},
): object => ({
  stackName: 'user-events-test',
  account,
  region,
  topic: 'user-events',
  consumerGroup: 'user-events-to-cassandra',
  source: sources[source],
  sink: sinks[sink],
  ...networkOf(network, sink),
  ...settings,
});

/** Gives each stage a stack with the stage's name. */
const named = (stages: Readonly<Record<string, object>>): readonly object[] =>
  Object.entries(stages).map(([name, given]) => ({
    ...given,
    stackName: name.replaceAll(/[^A-Za-z0-9]+/g, '-'),
  }));

/** Combines a source with every sink, every login and every network. */
const crossed = (source: keyof typeof sources): readonly object[] =>
  named(
    Object.fromEntries(
      (Object.keys(sinks) as (keyof typeof sinks)[]).flatMap((sink) =>
        networks.map((network) => [`${source} ${sink} ${network}`, stage(source, sink, network)]),
      ),
    ),
  );

/** The stages of the examples, and of every option. */
const options = named({
  ...stages,
  'every option': stage('msk-iam', 'keyspaces', 'endpoints', {
    encryption: 'own-key',
    function: { tracing: true, reservedConcurrency: 10 },
    onFailure: { kind: 'topic', topic: 'user-events-failed' },
    alarms: { topicArn: `arn:aws:sns:${region}:${account}:alarms`, silenceMinutes: 60 },
    mapping: {
      startingPosition: 'at-timestamp',
      startingTimestamp: '2026-01-01T00:00:00Z',
      maxRecordAgeSeconds: 86_400,
    },
    environment: { BUCKET: 'hour', EVENT_ID_IN_KEY: 'on' },
    sink: {
      ...keyspaces,
      tables: {
        userEventsTtlDays: 365,
        capacity: { read: { minimum: 10, maximum: 100 }, write: { minimum: 100, maximum: 4000 } },
      },
    },
  }),
  'a queue, own key': stage('msk-scram', 'keyspaces-login', 'endpoints', {
    onFailure: { kind: 'sqs' },
    encryption: 'own-key',
  }),
  'destroyed, own key': stage('msk-mtls', 'cassandra', 'endpoints', {
    removal: 'destroy',
    encryption: 'own-key',
  }),
  'Glue validates': stage('msk-serverless', 'keyspaces', 'internet', {
    schemaRegistry: {
      kind: 'glue',
      registryArn: `arn:aws:glue:${region}:${account}:registry/events`,
      validate: 'JSON',
    },
    environment: { SCHEMA_REGISTRY: 'glue' },
  }),
  'a registry validates': stage('scram-512-vpc', 'cassandra', 'vpc', {
    schemaRegistry: {
      kind: 'confluent',
      url: 'https://registry.example.org',
      auth: 'basic',
      secretArn: secret('registry'),
      caSecretArn: secret('ca'),
      validate: 'SOURCE',
    },
  }),
  'a cluster and a registry of another account': stage('msk-iam', 'cassandra-open', 'vpc', {
    source: {
      ...sources['msk-iam'],
      clusterArn: clusterArn.replace(account, '444455556666'),
      vpcConnectionArn: `arn:aws:kafka:${region}:${account}:vpc-connection/444455556666/example/00000000-0000-4000-8000-00000000000a-2`,
    },
    schemaRegistry: {
      kind: 'confluent',
      url: 'https://registry.example.org',
      auth: 'mtls',
      secretArn: secret('registry').replace(account, '444455556666'),
      secretKeyArn: secretKeyArn.replace(account, '444455556666'),
    },
    environment: { SCHEMA_REGISTRY: 'confluent' },
  }),
  'operations in a VPC, own key': stage('msk-iam', 'keyspaces', 'endpoints', {
    operate: true,
    encryption: 'own-key',
  }),
  'operations of Cassandra, a queue': stage('plain-ca', 'cassandra', 'vpc', {
    operate: true,
    onFailure: { kind: 'sqs' },
  }),
  'operations, destroyed': stage('msk-scram', 'keyspaces-login', 'internet', {
    operate: true,
    removal: 'destroy',
    encryption: 'own-key',
  }),
  'a queue': stage('msk-none', 'cassandra-open', 'vpc', { onFailure: { kind: 'sqs' } }),
  'on demand': stage('msk-iam', 'keyspaces', 'internet', { mapping: { pollers: 'on-demand' } }),
  'no destination': stage('plain-ca', 'cassandra', 'vpc', {
    mapping: { retryAttempts: -1 },
    onFailure: { kind: 'none' },
  }),
  'tables of others': stage('msk-serverless', 'keyspaces', 'vpc', {
    sink: { ...keyspaces, tables: { create: false } },
  }),
});

/** The stages that must pass all checks: the options, and every source and login × every sink and login × every network. */
export const matrix: Readonly<Record<string, readonly object[]>> = {
  'the examples, and every option': options,
  ...Object.fromEntries(
    (Object.keys(sources) as (keyof typeof sources)[]).map((source) => [
      `${source}, to every sink in every network`,
      crossed(source),
    ]),
  ),
};

/** Makes an app without bundling, which takes seconds and only changes a digest in the template. */
const appOf = (outdir?: string): App =>
  new App({
    ...(outdir === undefined ? {} : { outdir }),
    context: { ...flags, 'aws:cdk:bundling-stacks': [] },
  });

/**
 * Synthesizes the templates of stages into a folder with all checks, as `cdk synth` does. They are synthesized together, because
 * starting the checks takes longer than a check.
 * @returns the templates in the order of the stages.
 * @throws if a check finds anything.
 */
export const synthesise = (given: readonly object[], outdir?: string): Template[] => {
  const app = appOf(outdir);
  addChecks(app);
  const stacks = given.map((one) => new UserEventsStack(app, readDeployConfig('test', one)));
  const assembly = app.synth();
  return stacks.map(({ artifactId }) =>
    Template.fromJSON(assembly.getStackArtifact(artifactId).template),
  );
};

const templates = new Map<string, Template>();

/** Makes the template of a stage for assertions, without the checks. */
export const templateOf = (given: object): Template => {
  const key = JSON.stringify(given);
  const made = templates.get(key) ?? unchecked(given);
  templates.set(key, made);
  return made;
};

const unchecked = (given: object): Template =>
  withoutValidation(() => Template.fromStack(stackOf(given)));

/** Gives all input of a stage's deploy: the template, and CloudFormation's other parameters. */
export const deploymentOf = (given: object): string => {
  const stack = stackOf(given);
  const { account, region, terminationProtection } = stack;
  const tags = stack.tags.tagValues();
  const template = withoutValidation(() => Template.fromStack(stack).toJSON());
  return JSON.stringify({ account, region, terminationProtection, tags, template });
};

const stackOf = (given: object): UserEventsStack =>
  new UserEventsStack(appOf(), readDeployConfig('test', given));

/** Makes a template without CDK's own validation, whose start takes seconds. */
export const withoutValidation = <T>(make: () => T): T => {
  process.env['CDK_VALIDATION'] = 'false';
  try {
    return make();
  } finally {
    delete process.env['CDK_VALIDATION'];
  }
};
