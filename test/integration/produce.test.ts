import { deepStrictEqual, ok } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import { handler } from '../../functions/produce/handler.ts';
import { testEnvironment } from '../support/test-environment.ts';

/** Sets the producer's variables for a topic of its own, which is deleted at the end. */
const newTopic = () => {
  const { bootstrapServers } = testEnvironment();
  const topic = `demo-${randomBytes(4).toString('hex')}`;
  Object.assign(process.env, {
    KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_AUTH: 'none',
    REPLICAS: '1',
    EVENTS: '60',
  });
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: bootstrapServers });
  return {
    topic,
    admin,
    async [Symbol.asyncDispose]() {
      await admin.deleteTopics({ topics: [topic] });
      await admin.close();
    },
  };
};

test('the demo’s producer makes its topic once, and a minute’s events each time, at least once', async () => {
  await using made = newTopic();
  const { admin, topic } = made;
  deepStrictEqual([await handler(), await handler()], [{ produced: 60 }, { produced: 60 }]);
  const partitions = [0, 1, 2].map((partitionIndex) => ({ partitionIndex, timestamp: -1n }));
  const [offsets] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
  const produced = offsets?.partitions.reduce((sum, { offset }) => sum + offset, 0n) ?? 0n;
  // A broker that has just created the topic may refuse some records at first: the client sends them again.
  ok(produced >= 120n, `${produced}`);
});

test('two first calls of the demo’s producer at once, as schedule and deploy may make them, both succeed', async () => {
  for (let pair = 0; pair < 10; pair++) {
    await using _ = newTopic();
    deepStrictEqual(await Promise.all([handler(), handler()]), [
      { produced: 60 },
      { produced: 60 },
    ]);
  }
});
