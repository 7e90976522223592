import { deepStrictEqual, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { readTopic } from '../../cli/kafka/read-topic.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';

const values = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `${from + index}`);

test('the last records of each partition are read, with their headers, and no group is joined', async (t) => {
  const topic = await createTopic(t, 3);
  await topic.produce(values(0, 50).map((value) => ({ value: Buffer.from(value), partition: 0 })));
  await topic.produce([
    { value: Buffer.from('x'), partition: 1, headers: new Map([[Buffer.from('h'), Buffer.of(1)]]) },
  ]);
  const partitions = await readTopic(topic, topic.name, 30);
  const byPartition = partitions.toSorted(
    (a, b) => (a[0]?.partition ?? 0) - (b[0]?.partition ?? 0),
  );
  deepStrictEqual(
    byPartition.map((records) => records.map(({ value }) => value?.toString())),
    [values(40, 50), ['x']],
  );
  deepStrictEqual(byPartition[1]?.[0]?.headers, [{ name: 'h', value: Buffer.of(1) }]);
  deepStrictEqual(byPartition[0]?.[0]?.offset, 40);
});

test('an empty topic has no records', async (t) => {
  const topic = await createTopic(t, 2);
  deepStrictEqual(await readTopic(topic, topic.name, 30), []);
});

test('a topic that there is not is said, with those that there are', async (t) => {
  const topic = await createTopic(t, 1);
  await rejects(readTopic(topic, 'no-such-topic', 30), {
    name: 'UserFacingError',
    message: /^There is no topic no-such-topic\. It has .*test-/,
  });
});
