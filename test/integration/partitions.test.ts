import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { types } from 'cassandra-driver';
import { readPartitions } from '../../cli/partitions/read-partitions.ts';
import { openTarget } from '../../cli/target/open-target.ts';
import { insertCheckpoint } from '../../functions/ingest/cassandra/rows/partition-watermarks.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { handleTopic } from '../support/handle-topic.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';
import { writeRejected } from '../support/rejected-rows.ts';

const noon = Date.UTC(2026, 10, 28, 12);
const minute = 60_000;

const checkpoint = (
  { client, name, config }: TestKeyspace,
  topic: string,
  partition: number,
  next: string,
  updatedAt = Date.now(),
) =>
  client.execute(
    insertCheckpoint(name),
    [
      ...[config.consumerGroup, topic, partition, types.Long.fromString(next)],
      ...[new Date(noon), null, new Date(updatedAt)],
    ],
    { prepare: true },
  );

const topicOf = async (t: TestContext, partitions: number, values: readonly Buffer[] = []) => {
  const topic = await createTopic(t, partitions);
  await topic.produce(values.map((value) => ({ partition: 0, value, timestamp: 1n })));
  return topic;
};

const rowsOf = (printed: readonly string[]) => printed.map((line) => JSON.parse(line));

test('partitions shows what the function has left behind, the lag, and what it has rejected in the last hour', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 2);
  const produce = (values: readonly Buffer[]) =>
    topic.produce(values.map((value) => ({ partition: 0, value, timestamp: BigInt(Date.now()) })));
  await produce([
    encode({ event_time: noon }),
    encode({ event_time: noon - 10 * minute }),
    Buffer.from('ff', 'hex'),
    encode({ event_time: noon + minute }),
  ]);
  await handleTopic(topic, keyspace);
  await produce([encode(), encode()]);
  const { environment } = keyspace;
  const { bootstrapServers } = topic;
  const options = { environment, bootstrapServers, topic: topic.name };

  const { exitCode, printed, told } = await operate(['partitions', '--json'], options);
  strictEqual(exitCode, 0);
  const rows = rowsOf(printed);
  deepStrictEqual(
    rows.map(({ updated_at: _, age_seconds: __, ...row }) => row),
    [
      {
        topic: topic.name,
        partition: 0,
        next_offset: '4',
        end_offset: '6',
        lag: '2',
        max_event_time: '2026-11-28T12:01:00.000Z',
        watermark: '2026-11-28T11:59:00.000Z',
        late: 1,
        rejected: 1,
      },
      {
        topic: topic.name,
        partition: 1,
        next_offset: null,
        end_offset: '0',
        lag: '0',
        max_event_time: null,
        watermark: null,
        late: 0,
        rejected: 0,
      },
    ],
  );
  match(rows[0].updated_at, /^\d{4}-/);
  strictEqual(rows[0].age_seconds < 600, true);
  match(told.join('\n'), /Rejected in the last hour: Looked in \d+ partitions of rejected_events/);

  const table = (await operate(['partitions'], options)).printed;
  for (const line of table) strictEqual(line.length <= 80, true, line);
  // A topic's random name is broken over lines, with figures of its own.
  match(table.join('\n'), /^test-\S+ +4 +2 /m);
});

test('where Kafka tells the offsets of a partition that is behind, and not those of the group, that is told', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await topicOf(t, 1, [encode(), encode()]);
  await checkpoint(keyspace, topic.name, 0, '1');
  let asked = 0;
  const kafka = async () => {
    asked += 1;
    return { bootstrapServers: asked === 1 ? topic.bootstrapServers : ['127.0.0.1:1'] };
  };
  const { environment } = keyspace;
  const found = { name: 'a test', environment, topic: topic.name, stack: null, kafka };
  await using target = await openTarget({ stage: 'given' }, async () => found);
  const { partitions, unreached } = await readPartitions(target, undefined, t.signal);
  strictEqual(partitions[0]?.checkpoint?.nextOffset, 1n);
  strictEqual(unreached.length, 1);
  match(
    unreached[0] ?? '',
    /^Whether records of test-\S+ behind the checkpoint wait, or were given up, is unknown\. Kafka at 127\.0\.0\.1:1 /,
  );
});

test('partitions says that the lag is unknown where Kafka cannot be asked, and fails only where the lag is asked for', async () => {
  await using keyspace = await openKeyspace();
  await checkpoint(keyspace, 'clicks', 3, '9007199254740993', Date.now() - 90 * minute);
  const { environment } = keyspace;
  const options = { environment, bootstrapServers: ['127.0.0.1:1'] };
  const { exitCode, printed, told } = await operate(['partitions', '--json'], options);
  strictEqual(exitCode, 0);
  const [row] = rowsOf(printed);
  deepStrictEqual([row.next_offset, row.lag, row.end_offset], ['9007199254740993', null, null]);
  strictEqual(row.age_seconds >= 5_400, true);
  match(told.join('\n'), /The lag is unknown\. Kafka at 127\.0\.0\.1:1 .* cannot be used/);
  match((await operate(['partitions'], options)).printed.join('\n'), /unknown.*1 h 30 min/s);
  strictEqual((await operate(['partitions', '--lag'], options)).exitCode, 2);
});

test('partitions lists the topics of a group, and says which checkpoint is of a topic that was made anew', async (t) => {
  await using keyspace = await openKeyspace();
  const [one, other] = [await topicOf(t, 1, [encode()]), await topicOf(t, 1, [encode()])];
  await checkpoint(keyspace, one.name, 0, '1');
  await checkpoint(keyspace, other.name, 0, '50');
  const { environment } = keyspace;
  const { bootstrapServers } = one;
  const { printed, told } = await operate(['partitions', '--csv'], {
    environment,
    bootstrapServers,
  });
  const lags = printed.slice(1).map((line) => line.split(',')[4]);
  deepStrictEqual(
    printed.slice(1).map((line) => line.split(',')[0]),
    [one.name, other.name].toSorted(),
  );
  deepStrictEqual(lags.toSorted(), ['0', '1']);
  match(told.join('\n'), new RegExp(`${other.name}/0: the checkpoint lies beyond Kafka’s end`));
});

test('partitions of a group without a checkpoint is no success', async () => {
  await using keyspace = await openKeyspace();
  await checkpoint(keyspace, 'clicks', 0, '1');
  const { environment } = keyspace;
  const { exitCode, told } = await operate(['partitions', '--group', 'another'], { environment });
  strictEqual(exitCode, 2);
  match(told.join('\n'), /^The group another has no checkpoint in .*partition_watermarks/);
});

test('a count of what was rejected in the last hour leaves out what was rejected before', async () => {
  await using keyspace = await openKeyspace();
  await checkpoint(keyspace, 'clicks', 0, '1');
  await writeRejected(keyspace.client, keyspace.name, [
    { topic: 'clicks', offset: 1n, reason: 'late' },
    { topic: 'clicks', offset: 2n, reason: 'late', rejectedAt: Date.now() - 61 * minute },
    { topic: 'clicks', offset: 3n, reason: 'tombstone' },
    { topic: 'clicks', offset: 4n, reason: 'undecodable' },
    { topic: 'views', offset: 5n, reason: 'late' },
  ]);
  const { environment } = keyspace;
  const options = { environment, bootstrapServers: ['127.0.0.1:1'] };
  const [row] = rowsOf((await operate(['partitions', '--json'], options)).printed);
  deepStrictEqual([row.late, row.rejected], [1, 2]);
});
