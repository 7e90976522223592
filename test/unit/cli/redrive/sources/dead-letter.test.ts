import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readDeadLetter } from '../../../../../cli/redrive/sources/dead-letter.ts';
import { recordAt } from '../../../../support/candidates.ts';

const header = (name: string, value: string | Buffer | null) => ({
  name,
  value: typeof value === 'string' ? Buffer.from(value) : value,
});
const read = (...headers: ReturnType<typeof header>[]) =>
  readDeadLetter(recordAt(0, { topic: 'dlq', headers }));
const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const long = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};
const place = { topic: 'clicks', partition: 3, offset: 1_234n };

for (const [program, prefix] of [
  ['a share group', '__dlq.errors.'],
  ['Kafka Connect', '__connect.errors.'],
  ['Kafka Streams', '__streams.errors.'],
  ['Spring for Apache Kafka', 'kafka_dlt-original-'],
  ['Spring Cloud Stream', 'x-original-'],
] as const)
  test(`a dead letter of ${program} is the record that its headers name, without them`, () => {
    const given = read(
      header('trace', 'x'),
      header(`${prefix}topic`, 'clicks'),
      header(`${prefix}partition`, '3'),
      header(`${prefix}offset`, '1234'),
    );
    deepStrictEqual(given, {
      place,
      topic: 'clicks',
      partition: 3,
      headers: [header('trace', 'x')],
      why: `a dead letter of ${program}`,
    });
  });

test('Spring writes numbers as bytes', () => {
  const { place: found } = read(
    header('kafka_dlt-original-topic', 'clicks'),
    header('kafka_dlt-original-partition', int(3)),
    header('kafka_dlt-original-offset', long(1_234n)),
  );
  deepStrictEqual(found, place);
});

test('a letter whose headers name a topic alone has no place', () => {
  const { place: found, topic, partition } = read(header('__connect.errors.topic', 'clicks'));
  deepStrictEqual([found, topic, partition], [null, 'clicks', null]);
});

test('a letter without such headers is one of an unknown program', () => {
  const { topic, why } = read(header('trace', 'x'));
  deepStrictEqual([topic, why], [null, 'a dead letter of an unknown program']);
});

test('headers that name no topic or number of Kafka are not believed', () => {
  for (const topic of ['../etc', '', 'a b', 'x'.repeat(250)])
    strictEqual(read(header('__dlq.errors.topic', topic)).topic, null, topic);
  for (const offset of [long(-1n), '-1', '1e3', '9999999999999999999', Buffer.of(1, 2, 3)])
    strictEqual(
      read(
        header('__dlq.errors.topic', 'clicks'),
        header('__dlq.errors.partition', '0'),
        header('__dlq.errors.offset', offset),
      ).place,
      null,
    );
});

test('no bytes in a header make it throw', () => {
  const value = fc
    .uint8Array({ maxLength: 24 })
    .map((bytes) => (bytes.length === 24 ? null : Buffer.from(bytes)));
  fc.assert(
    fc.property(value, value, value, (topic, partition, offset) => {
      const { place: found } = read(
        header('__dlq.errors.topic', topic),
        header('__dlq.errors.partition', partition),
        header('__dlq.errors.offset', offset),
      );
      strictEqual(found === null || found.partition >= 0, true);
    }),
  );
});
