import { deepStrictEqual } from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import cdk from '../../cdk.json' with { type: 'json' };
import type { OperateAnswer, OperateEvent } from '../../functions/operate/protocol.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { createTables } from '../../schema/tables.ts';
import { answer, bundled } from '../support/bundles.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { startSecretsManager } from '../support/secrets-manager.ts';
import { testEnvironment, testServers } from '../support/test-environment.ts';

// The bundles of the other functions run as they are deployed, under plain Node, with real servers.
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundles-'));
});
after(() => rm(folder, { recursive: true }));

test('the bundle that makes tables reads its login from Secrets Manager, and makes them', async () => {
  const migrate = 'tables-of-';
  const { 'example-self-managed': selfManaged } = cdk.context.stages;
  const bundle = (await bundled(folder, selfManaged, [migrate])).get(migrate);
  await using keyspace = await openKeyspace();
  await using secrets = await startSecretsManager({
    login: JSON.stringify({ username: 'someone', password: 'secret' }),
  });
  await keyspace.client.execute(`DROP TABLE ${keyspace.name}.user_events`, [], { prepare: false });
  const event = {
    RequestType: 'Create',
    ResourceProperties: {
      Keyspace: keyspace.name,
      Tables: createTables(),
    },
  };
  const environment = {
    ...testServers().cassandra,
    CASSANDRA_KEYSPACE: keyspace.name,
    CASSANDRA_AUTH: 'password',
    CASSANDRA_SECRET_ARN: 'login',
    CONSUMER_GROUP_ID: 'any',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  };
  deepStrictEqual(bundle && (await answer(bundle, event, environment)), {
    PhysicalResourceId: `tables-of-${keyspace.name}`,
    Data: { Created: 'user_events' },
  });
  deepStrictEqual(secrets.requests.get('login'), 1);
});

test('the producer’s bundle finds what its Kafka client loads, and produces', async () => {
  const produce = 'user-events-demo';
  const bundle = (await bundled(folder, cdk.context.stages.demo, [produce])).get(produce);
  const { bootstrapServers } = testEnvironment();
  const topic = `demo-${randomBytes(4).toString('hex')}`;
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: bootstrapServers });
  await using _ = {
    async [Symbol.asyncDispose]() {
      await admin.deleteTopics({ topics: [topic] });
      await admin.close();
    },
  };
  const environment = {
    KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_AUTH: 'none',
    REPLICAS: '1',
    EVENTS: '60',
  };
  deepStrictEqual(bundle && (await answer(bundle, {}, environment)), { produced: 60 });
});

test('the bundle that runs operations finds what its Kafka client loads, and reads from Kafka and Cassandra', async (t) => {
  const words = 'which alone calls this function';
  const given = { ...cdk.context.stages['example-self-managed'], operate: true };
  const bundle = (await bundled(folder, given, [words])).get(words);
  const topic = await createTopic(t, 1);
  await using keyspace = await openKeyspace({ CONSUMER_GROUP_ID: topic.group });
  await topic.produce([{ value: Buffer.from('any') }, { value: Buffer.from('other') }]);
  await topic.commit(0, 2);
  const event: OperateEvent = {
    ...{ argv: ['replay', '--from', '0', '--partition', '0', '--json'], caller: 'a test' },
    ...{
      run: randomUUID(),
      files: [],
      slices: 1,
      columns: 80,
      mappingState: 'Disabled',
      stackHealth: null,
    },
    stack: {
      ...{ name: 'a-stack', region: 'eu-west-1', functionName: 'ingest', logGroupName: '/log' },
      ...{ mappingId: 'a-uuid', onFailure: null, version: '1', operate: null },
    },
  };
  const environment = {
    ...(keyspace.environment as Record<string, string>),
    OPERATE_TOPIC: topic.name,
    OPERATE_BROKERS: JSON.stringify({
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: topic.bootstrapServers } },
    }),
    OPERATE_BUCKET: 'bucket',
    AWS_REGION: 'eu-west-1',
  };
  const said = bundle && ((await answer(bundle, event, environment, 120_000)) as OperateAnswer);
  deepStrictEqual(said?.exitCode, 0, JSON.stringify(said));
  const [[stream, line] = ['', '{}']] = said.lines;
  const { from, records } = JSON.parse(line);
  deepStrictEqual([stream, from, records], ['out', '0', '2']);
});
