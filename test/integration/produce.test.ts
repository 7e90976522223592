import { deepStrictEqual, ok } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import { handler } from '../../functions/produce/handler.ts';
import { testEnvironment } from '../support/test-environment.ts';

test('the demo’s producer makes its topic once, and a minute’s events each time, at least once', async () => {
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
  await using _ = {
    async [Symbol.asyncDispose]() {
      await admin.deleteTopics({ topics: [topic] });
      await admin.close();
    },
  };
  deepStrictEqual([await handler(), await handler()], [{ produced: 60 }, { produced: 60 }]);
  const partitions = [0, 1, 2].map((partitionIndex) => ({ partitionIndex, timestamp: -1n }));
  const [offsets] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
  const produced = offsets?.partitions.reduce((sum, { offset }) => sum + offset, 0n) ?? 0n;
  // A broker that has just made the topic may not have taken all at once: the client sends them again.
  ok(produced >= 120n, `${produced}`);
});
