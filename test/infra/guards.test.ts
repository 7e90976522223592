import { deepStrictEqual, match } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { warnings } from '../../infra/config/warnings.ts';
import { readDeployConfig } from '../../infra/config.ts';
import { mistakesIn } from '../support/mistakes.ts';
import { sinks, sources, stage } from '../support/stages.ts';

/** A stage with one thing that AWS refuses or ignores, and all that is said of it. */
const refused = (title: string, given: object, ...expected: string[]): void => {
  test(title, () => {
    deepStrictEqual(mistakesIn(given), expected);
  });
};
const withSettings = (settings: object): object => ({ ...stage(), ...settings });

test('on demand there are neither partial batch responses nor any other control: each is named', () => {
  const onDemand = (mapping: object, onFailure: object = { kind: 's3' }) =>
    mistakesIn(withSettings({ mapping: { pollers: 'on-demand', ...mapping }, onFailure }));
  const [mistake = '', ...others] = onDemand({});
  deepStrictEqual(others, []);
  match(
    mistake,
    /^mapping\.pollers must be .* no partial batch responses, .* nor has it retryAttempts, bisect, logLevel$/,
  );
  match(onDemand({ bisect: false })[0] ?? '', /nor has it retryAttempts, logLevel$/);
  match(onDemand({ maxRecordAgeSeconds: 60 })[0] ?? '', /maxRecordAgeSeconds/);
  match(onDemand({}, { kind: 'topic', topic: 'failed' })[0] ?? '', /an on-failure topic$/);
});

refused(
  'retries for ever are ten where there is a destination',
  withSettings({ mapping: { retryAttempts: -1 } }),
  'mapping.retryAttempts must be a whole number, 0 to 10000: with an on-failure destination AWS makes 10 of -1, for ever (given -1)',
);
refused(
  'the maximum of pollers is not below the minimum',
  withSettings({ mapping: { pollers: { minimum: 5, maximum: 4 } } }),
  'mapping.pollers.maximum must be at least mapping.pollers.minimum (given 4 and 5)',
);
refused(
  'a destination topic is not the source',
  withSettings({ onFailure: { kind: 'topic', topic: 'user-events' } }),
  'onFailure.topic must not be the topic that is read: its records would come back for ever (given "user-events")',
);
refused(
  'with IAM a group’s name has no wildcard',
  withSettings({ consumerGroup: 'user-*' }),
  'consumerGroup must be without * under IAM, which would take it for any group (given "user-*")',
);
test('without IAM it may', () => {
  deepStrictEqual(
    readDeployConfig('test', { ...stage('scram-256'), consumerGroup: 'user-*' }).consumerGroup,
    'user-*',
  );
});
refused(
  'a time to start from is given when it is asked for',
  withSettings({ mapping: { startingPosition: 'at-timestamp' } }),
  'mapping.startingTimestamp must be given with startingPosition at-timestamp (not given)',
);
refused(
  'and only then',
  withSettings({ mapping: { startingTimestamp: '2026-01-01T00:00:00Z' } }),
  'mapping.startingTimestamp must not be given with startingPosition trim-horizon: it would do nothing (given "2026-01-01T00:00:00Z")',
);
for (const time of ['2999-01-01T00:00:00Z', '2026-13-01T00:00:00Z'])
  refused(
    `${time} is no time to start from`,
    withSettings({ mapping: { startingPosition: 'at-timestamp', startingTimestamp: time } }),
    `mapping.startingTimestamp must be a time that is over: AWS takes no other (given "${time}")`,
  );
refused(
  'a large batch needs time',
  withSettings({ mapping: { batchSize: 10_000 }, function: { timeoutSeconds: 14 } }),
  'function.timeoutSeconds must be at least 15 for a mapping.batchSize of 10000: a slow database takes 1,000 rows a ' +
    'second of one environment, and what is not done in time comes again (given 14)',
);
refused(
  'a log is kept for one of CloudWatch’s steps',
  withSettings({ function: { logRetentionDays: 31 } }),
  'function.logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, ' +
    '2192, 2557, 2922, 3288, 3653 (given 31)',
);
refused(
  'account and region are given but for a demo',
  withSettings({ account: undefined, region: undefined }),
  'account must be given, so that no other than this one is deployed to (not given)',
  'region must be given, so that no other than this one is deployed to (not given)',
);
test('cluster, secrets, keys and the alarms’ topic are in the region, and the cluster in the account', () => {
  const source = sources['msk-scram'];
  const mistakes = mistakesIn({
    ...stage('msk-scram', 'keyspaces-login'),
    account: '999999999999',
    region: 'us-east-1',
    alarms: { topicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms' },
  });
  deepStrictEqual(
    mistakes.map((mistake) => mistake.split(' must be ')[0]),
    [
      'source.clusterArn',
      'source.clusterArn',
      'source.secretArn',
      'source.secretKeyArn',
      'sink.login.secretArn',
      'alarms.topicArn',
    ],
  );
  deepStrictEqual(
    mistakes[0],
    `source.clusterArn must be of the stack’s region, us-east-1 (given "${source.clusterArn}")`,
  );
});
refused(
  'capacity grows from a minimum to a maximum',
  withSettings({
    sink: {
      ...sinks.keyspaces,
      tables: { capacity: { read: { minimum: 1, maximum: 2 }, write: { minimum: 3, maximum: 2 } } },
    },
  }),
  'sink.tables.capacity.write.maximum must be at least its minimum (given 2 and 3)',
);
refused(
  'Keyspaces takes USING TTL only for tables with a TTL',
  withSettings({ environment: { REJECTED_TTL_DAYS: '0' } }),
  'environment.REJECTED_TTL_DAYS must be 1 to 7300 on Keyspaces, which takes USING TTL only for tables with a TTL (given "0")',
);
test('on Cassandra rejected events may be kept for ever', () => {
  readDeployConfig('test', {
    ...stage('msk-iam', 'cassandra'),
    environment: { REJECTED_TTL_DAYS: '0' },
  });
});

const inVpc = (sink: keyof typeof sinks, network: object): object => {
  const given = stage('msk-iam', sink, 'vpc') as { network: object };
  return { ...given, network: { ...given.network, ...network } };
};
refused(
  'in a VPC it is said where Cassandra is',
  inVpc('cassandra', { database: {} }),
  'network.database must name securityGroupId or cidr: the function’s group is opened to nothing else (given 0 of them)',
);
refused(
  'and once',
  inVpc('cassandra', { database: { securityGroupId: 'sg-00000001', cidr: '10.0.0.0/16' } }),
  'network.database must name securityGroupId or cidr: the function’s group is opened to nothing else (given 2 of them)',
);
refused(
  'what would do nothing is not given',
  inVpc('keyspaces', { database: { cidr: '10.0.0.0/16' }, endpoints: { secretsManager: true } }),
  'network.database must not be given for Keyspaces: it would do nothing',
  'network.endpoints.secretsManager must be false without sink.login: the function reads no secret (given true)',
);
refused(
  'Cassandra has no endpoint of Keyspaces',
  inVpc('cassandra', { endpoints: { keyspaces: true } }),
  'network.endpoints.keyspaces must be false for Cassandra (given true)',
);
refused(
  'each subnet has its zone',
  inVpc('keyspaces', { availabilityZones: ['eu-west-1a'] }),
  'network.subnetIds must be as many as network.availabilityZones (given 2 and 1)',
);
refused(
  'a demo makes its own network, and writes to Keyspaces',
  { ...inVpc('cassandra', {}), source: { kind: 'demo' } },
  'network must not be given in a demo, which makes its own',
  'sink.kind must be keyspaces in a demo (given "cassandra")',
);
test('a CA’s file is there, is one, and is short enough for a variable', async () => {
  const withCa = (caFile: string) =>
    mistakesIn({ ...stage(), sink: { ...sinks.cassandra, caFile } });
  match(withCa('nowhere.pem')[0] ?? '', /^sink\.caFile must be a file that can be read \(ENOENT/);
  match(withCa('README.md')[0] ?? '', /^environment: CASSANDRA_CA must be PEM text/);
  const folder = await mkdtemp(join(tmpdir(), 'ca-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const file = join(folder, 'ca.pem');
  await writeFile(file, `-----BEGIN CERTIFICATE-----\n${'A'.repeat(4096)}\n`);
  match(withCa(relative('.', file))[0] ?? '', /^sink\.caFile must be short enough: .* 4,096 bytes/);
});

test('what loses data, and AWS takes, is warned of', () => {
  const warned = (given: object) => warnings(readDeployConfig('test', given)).map(([name]) => name);
  deepStrictEqual(warned(stage()), []);
  deepStrictEqual(warned(withSettings({ mapping: { startingPosition: 'latest' } })), ['latest']);
  deepStrictEqual(warned(withSettings({ mapping: { maxRecordAgeSeconds: 60 } })), ['record-age']);
  deepStrictEqual(warned(withSettings({ onFailure: { kind: 'sqs' } })), ['sqs']);
  deepStrictEqual(warned(stage('msk-none')), ['no-login']);
  deepStrictEqual(warned(withSettings({ sink: { ...sinks.cassandra, tls: false } })), [
    'plaintext',
  ]);
  deepStrictEqual(warned(withSettings({ removal: 'destroy' })), ['destroy']);
  deepStrictEqual(warned(withSettings({ environment: { LATE_EVENTS: 'drop' } })), ['late-events']);
});
