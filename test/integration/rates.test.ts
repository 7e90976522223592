import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { handleTopic } from '../support/handle-topic.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';

test('rates counts what came by its Kafka timestamps, and what was rejected by its reason', async (t) => {
  const topic = await createTopic(t, 2);
  await using keyspace = await openKeyspace();
  const { environment } = keyspace;
  const now = Date.now();
  const at = (ago: number, partition: number, value: Buffer) => ({
    partition,
    timestamp: BigInt(now - ago),
    value,
  });
  await topic.produce([
    at(100 * 60_000, 0, Buffer.from('too old to be counted')),
    at(50 * 60_000, 0, encode({ event_time: now - 50 * 60_000, event_type: 'a' })),
    at(50 * 60_000, 1, encode({ event_time: now - 50 * 60_000, event_type: 'b' })),
    at(10 * 60_000, 1, encode({ event_time: now - 60 * 60_000, event_type: 'late' })),
    at(10 * 60_000, 1, Buffer.from('no event')),
  ]);
  await handleTopic(topic, keyspace);
  const pipeline = { environment, topic: topic.name, bootstrapServers: topic.bootstrapServers };
  const { exitCode, printed } = await operate(
    ['rates', '--last', '1h', '--every', '30m', '--json'],
    pipeline,
  );
  strictEqual(exitCode, 0);
  const rows = printed.map((line) => JSON.parse(line));
  deepStrictEqual(
    rows.map(({ produced, late, undecodable }) => ({ produced, late, undecodable })),
    [
      { produced: 2, late: 0, undecodable: 0 },
      { produced: 2, late: 1, undecodable: 2 },
    ],
  );
  const { printed: table } = await operate(['rates', '--last', '1h'], pipeline);
  match(table[0] ?? '', /^from +produced +late +undecodable$/);
});

test('rates says that what came is not known where Kafka cannot be asked, and exits with 2', async (t) => {
  const topic = await createTopic(t, 1);
  await using keyspace = await openKeyspace();
  await topic.produce([{ partition: 0, value: Buffer.from('no event') }]);
  await handleTopic(topic, keyspace);
  const { exitCode, told } = await operate(['rates', '--last', '1h', '--json'], {
    environment: keyspace.environment,
    topic: topic.name,
    bootstrapServers: ['127.0.0.1:1'],
  });
  strictEqual(exitCode, 2);
  match(told.join('\n'), /^What was produced is not known: Kafka at 127\.0\.0\.1:1 /m);
});

test('rates refuses intervals that would be too many questions', async () => {
  await rejects(operate(['rates', '--last', '7d', '--every', '1s']), { name: 'UserFacingError' });
});
