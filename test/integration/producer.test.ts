import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { fetchedRecords } from 'local-kafka-trigger/kafka/fetched-records.ts';
import { createTopicReader } from 'local-kafka-trigger/kafka/topic-reader.ts';
import type { SourceRecord } from 'local-kafka-trigger/mapping/record-json.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import type { GeneratedRecord } from '../../local/dataset/generated-record.ts';
import { generate } from '../../local/dataset/generator.ts';
import { produce } from '../../local/dataset/producer.ts';
import { createTopic } from '../../local/dataset/topic.ts';
import { testEnvironment } from '../support/test-environment.ts';

const { bootstrapServers } = testEnvironment();
const partitions = 3;

const newTopic = (count = partitions) =>
  createTopic(bootstrapServers, `test-${randomUUID()}`, count);
/** Makes the same records at every call. */
const records = (count: number) =>
  generate({ seed: 8, partitions, startTime: Date.UTC(2026, 2, 10, 23, 59), step: 12 }).take(count);

/** Reads a whole topic, which has this many records, by `partition@offset`. */
const read = async (topic: string, count: number): Promise<Map<string, SourceRecord>> => {
  const reader = createTopicReader({ bootstrapServers }, topic, `group-${randomUUID()}`);
  const positions = new Map(Array.from({ length: partitions }, (_, number) => [number, 0n]));
  const found = new Map<string, SourceRecord>();
  try {
    while (found.size < count) {
      const answer = await reader.fetch(positions);
      for (const response of answer.partitions) {
        const from = positions.get(response.partitionIndex) ?? 0n;
        const fetched = fetchedRecords(topic, response, from);
        for (const record of fetched.records)
          found.set(`${record.partition}@${record.offset}`, record);
        positions.set(response.partitionIndex, fetched.nextOffset);
      }
    }
  } finally {
    await reader.close();
  }
  return found;
};

const says = (pattern: RegExp) => (error: unknown) =>
  error instanceof UserFacingError && pattern.test(error.message);
const rejectsWith = async (promise: Promise<void>, pattern: RegExp) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  ok(says(pattern)(error), `${error}`);
};

test('every record is at its offset, byte for byte', { timeout: 60_000 }, async () => {
  await using topic = await newTopic();
  const sent = records(5_000).toArray();
  const produced: GeneratedRecord[] = [];
  await produce({
    bootstrapServers,
    topic: topic.name,
    records: sent,
    onProduced: (acknowledged) => produced.push(...acknowledged),
  });
  deepStrictEqual(produced, sent);

  const found = await read(topic.name, sent.length);
  strictEqual(found.size, sent.length);
  for (const { partition, offset, timestamp, key, value, headers } of sent)
    deepStrictEqual(found.get(`${partition}@${offset}`), {
      topic: topic.name,
      partition,
      offset,
      timestamp,
      timestampType: 'CREATE_TIME',
      key,
      value,
      headers: headers.map(([name, bytes]) => [Buffer.from(name), bytes]),
    });
});

test('a topic that is not new is found out', async () => {
  await using topic = await newTopic();
  const given = { bootstrapServers, topic: topic.name };
  await produce({ ...given, records: records(100) });
  await rejectsWith(
    produce({ ...given, records: records(100) }),
    /gave partition \d offset \d+ where 0 was due/,
  );
});

test('a topic of fewer partitions than the records are for is found out', async () => {
  await using topic = await newTopic(partitions - 1);
  await rejectsWith(
    produce({ bootstrapServers, topic: topic.name, records: records(100) }),
    /has no partition 2/,
  );
});

test('nothing more is sent once the signal is aborted', async () => {
  await using topic = await newTopic();
  const controller = new AbortController();
  let count = 0;
  await produce({
    bootstrapServers,
    topic: topic.name,
    records: records(20_000),
    signal: controller.signal,
    onProduced: ({ length }) => {
      count += length;
      controller.abort();
    },
  });
  ok(count > 0 && count < 20_000, `${count} records`);
  strictEqual((await read(topic.name, count)).size, count);
});

test('a broker that is not there is said in a sentence, soon', { timeout: 15_000 }, async () => {
  await rejectsWith(
    produce({ bootstrapServers: ['127.0.0.1:1'], topic: 'any', records: records(1) }),
    /^Kafka at 127\.0\.0\.1:1 \(KAFKA_BOOTSTRAP_SERVERS\) did not take 1 records of topic any: /,
  );
});
