import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { findStage } from '../../cli/stage/find-stage.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { startAws } from '../support/aws.ts';
import { handleTopic } from '../support/handle-topic.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';

const findingsOf = (printed: readonly string[]) =>
  new Map(
    printed
      .map((line) => JSON.parse(line))
      .map(({ about, state, says, next }) => [about, { state, says, next }]),
  );

test('health tells that nobody reads, and that a partition whose record waits stands still', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  const { environment } = keyspace;
  const options = { environment, bootstrapServers: topic.bootstrapServers, topic: topic.name };
  const longAgo = BigInt(Date.now() - 3_600_000);
  const produce = (count: number) =>
    topic.produce(
      Array.from({ length: count }, () => ({
        partition: 0,
        value: encode({ event_time: Date.now() }),
        timestamp: longAgo,
      })),
    );
  await produce(2);
  await handleTopic(topic, keyspace);
  const caughtUp = await operate(['health', '--json'], options);
  strictEqual(caughtUp.exitCode, 1);
  const well = findingsOf(caughtUp.printed);
  deepStrictEqual(
    [well.get('reading')?.state, well.get('lag')?.state, well.get('waiting')],
    ['wrong', 'fine', undefined],
  );
  match(well.get('reading')?.says, /^Nobody reads/);

  await produce(3);
  const { exitCode, printed } = await operate(['health', '--json', '--max-wait', '0s'], options);
  strictEqual(exitCode, 1);
  const waiting = findingsOf(printed).get('waiting');
  strictEqual(waiting?.state, 'wrong');
  match(waiting?.says, new RegExp(`^${topic.name}/0 has stood at offset 2 for .* 3 records wait`));
  strictEqual(waiting?.next, `user-events trace ${topic.name}/0/2`);

  const screen = await operate(['health', '--max-wait', '0s', '--max-lag', '2'], options);
  strictEqual(screen.exitCode, 1);
  for (const line of screen.printed)
    if (!line.includes('user-events ')) strictEqual(line.length <= 80, true, line);
  match(screen.printed[0] ?? '', /^the test’s pipeline: .*something is wrong/);
  match(
    screen.printed.join(' ').replaceAll(/\s+/g, ' '),
    /wrong +lag +\S+\/0 is 3 records behind, which/,
  );
});

test('health could not look where Kafka is not reached, and says what it knows', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  await topic.produce([{ partition: 0, value: Buffer.from('ff', 'hex'), timestamp: 1n }]);
  await handleTopic(topic, keyspace);
  const { environment } = keyspace;
  const options = { environment, bootstrapServers: ['127.0.0.1:1'], topic: topic.name };
  const { exitCode, printed } = await operate(['health', '--json'], options);
  strictEqual(exitCode, 2);
  const findings = findingsOf(printed);
  strictEqual(findings.get('lag')?.state, 'unknown');
  match(findings.get('lag')?.says, /^The lag is unknown\. Kafka at 127\.0\.0\.1:1/);
  strictEqual(findings.get('rejected')?.state, 'fine');
});

test('health could not look where the database is not reached', async () => {
  const environment = {
    CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
    CASSANDRA_LOCAL_DATACENTER: 'none',
    CASSANDRA_KEYSPACE: 'ks',
    CONSUMER_GROUP_ID: 'g',
    CASSANDRA_TLS: 'off',
  } as const;
  const { exitCode, printed } = await operate(['health', '--json'], {
    environment,
    bootstrapServers: ['127.0.0.1:1'],
  });
  strictEqual(exitCode, 2);
  match(findingsOf(printed).get('lag')?.says, /^Cassandra at 127\.0\.0\.1:1 .* cannot be used/);
});

test('the health of a stage is that of its mapping, alarms and on-failure bucket, and of its own Kafka and Cassandra', async (t) => {
  await using keyspace = await openKeyspace();
  await using folder = await temporaryFolder('health-of-a-stage');
  const topic = await createTopic(t, 1);
  await topic.produce([{ partition: 0, value: encode(), timestamp: BigInt(Date.now()) }]);
  await handleTopic(topic, keyspace);
  const stages = join(folder.path, 'stages.json');
  await writeFile(stages, JSON.stringify({ prod: { stackName: 'prod', region: 'eu-west-1' } }));
  await using aws = await startAws({
    stacks: {
      prod: {
        outputs: {
          FunctionName: 'ingest',
          LogGroupName: '/aws/lambda/ingest',
          MappingId: 'a-mapping',
          OnFailureDestination: 'a-bucket',
          Version: '0.1.0 (abc)',
        },
      },
    },
    functions: { ingest: { variables: keyspace.environment } },
    mappings: {
      'a-mapping': {
        State: 'Enabled',
        LastProcessingResult: 'OK',
        Topics: [topic.name],
        SelfManagedEventSource: {
          Endpoints: { KAFKA_BOOTSTRAP_SERVERS: [...topic.bootstrapServers] },
        },
      },
    },
    resources: { 'AWS::CloudWatch::Alarm': ['prod: Lag'] },
    alarms: { 'prod: Lag': 'OK' },
    objects: new Map([['a-bucket/batch', Buffer.from('{}')]]),
  });
  const before = { ...process.env };
  t.after(() => {
    for (const name of Object.keys(aws.environment)) delete process.env[name];
    Object.assign(process.env, before);
  });
  Object.assign(process.env, aws.environment);
  const args = ['health', '--stage', 'prod', '--stages', stages];
  const { exitCode, printed } = await operate([...args, '--json'], { findStage });
  const findings = findingsOf(printed);
  deepStrictEqual(
    [...findings].map(([about, { state }]) => [about, state]),
    [
      ['on-failure', 'wrong'],
      ['version', 'fine'],
      ['reading', 'fine'],
      ['lost', 'fine'],
      ['alarms', 'fine'],
      ['lag', 'fine'],
      ['rejected', 'fine'],
    ],
  );
  strictEqual(exitCode, 1);
  match(findings.get('on-failure')?.says, /^1 batch lies in the on-failure destination a-bucket/);
  strictEqual(
    findings.get('on-failure')?.next,
    `user-events redrive --from-failed --to tables --remove --stage prod --stages ${stages}`,
  );
});
