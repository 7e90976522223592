import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  type EventSource,
  envelopeBytes,
  partitionBytes,
  toEventJson,
} from '../../../src/mapping/kafka-event.ts';

const msk: EventSource = {
  kind: 'msk',
  eventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/name/uuid-2',
  bootstrapServers: 'b-1:9092,b-2:9092',
};

const parts = [
  { identifier: 'my-topic-0', records: [{ json: '{"offset":1}' }, { json: '{"offset":2}' }] },
  { identifier: 'my-topic-1', records: [] },
  { identifier: 'my-topic-2', records: [{ json: '{"offset":7}' }] },
];

test('an event of MSK names its cluster and keys the records by topic-partition', () => {
  deepStrictEqual(JSON.parse(toEventJson(msk, parts)), {
    eventSource: 'aws:kafka',
    eventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/name/uuid-2',
    bootstrapServers: 'b-1:9092,b-2:9092',
    records: { 'my-topic-0': [{ offset: 1 }, { offset: 2 }], 'my-topic-2': [{ offset: 7 }] },
  });
});

test('an event of self-managed Kafka has no ARN', () => {
  deepStrictEqual(
    JSON.parse(toEventJson({ kind: 'self-managed', bootstrapServers: 'a:9092' }, [])),
    { eventSource: 'SelfManagedKafka', bootstrapServers: 'a:9092', records: {} },
  );
});

test('the sizes of its parts add up to the size of the event', () => {
  const records = parts.flatMap((part) => part.records);
  const sum =
    envelopeBytes(msk) +
    partitionBytes('my-topic-0') +
    partitionBytes('my-topic-2') +
    records.reduce((bytes, { json }) => bytes + Buffer.byteLength(json), 0);
  const commas = 2;
  strictEqual(Buffer.byteLength(toEventJson(msk, parts)), sum + commas);
});
