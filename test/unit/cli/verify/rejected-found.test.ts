import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { RejectedRow } from '../../../../cli/rejected/row.ts';
import { rejectedFound } from '../../../../cli/verify/rejected-found.ts';
import type { KafkaRecord } from '../../../../functions/ingest/pipeline/kafka-record.ts';
import { encode } from '../../../support/avro.ts';
import { record } from '../../../support/records.ts';
import { confluent } from '../../../support/writers.ts';

const one = record({
  key: Buffer.from('key'),
  value: Buffer.from('value'),
  headers: [
    { name: 'a', value: Buffer.from('1') },
    { name: 'a', value: null },
  ],
});
const rowOf = (given: KafkaRecord, changed: Partial<RejectedRow> = {}): RejectedRow => ({
  ...{ topic: given.topic, partition: given.partition, offset: BigInt(given.offset) },
  ...{ key: given.key, value: given.value, headers: given.headers },
  ...{ reason: 'undecodable', detail: '', eventTime: null, watermark: null, rejectedAt: 0 },
  rejectedDate: '2023-11-14',
  recordTimestamp: given.timestamp,
  ...changed,
});
const differing = (changed: Partial<RejectedRow>, given: KafkaRecord = one) =>
  rejectedFound(rowOf(given, changed), given).differing;

test('a rejected row with the bytes of its record differs in nothing', () => {
  deepStrictEqual(rejectedFound(rowOf(one), one), {
    reason: 'undecodable',
    eventTime: null,
    watermark: null,
    differing: [],
  });
});

test('each part of a record is compared byte by byte, and none is not empty', () => {
  deepStrictEqual(differing({ key: Buffer.from('kez') }), ['key']);
  deepStrictEqual(differing({ key: null }), ['key']);
  deepStrictEqual(differing({ value: Buffer.alloc(0) }), ['value']);
  deepStrictEqual(differing({ value: null }), ['value']);
  deepStrictEqual(differing({ headers: one.headers.slice(1) }), ['headers']);
  deepStrictEqual(differing({ headers: one.headers.toReversed() }), ['headers']);
  deepStrictEqual(differing({ headers: one.headers.map(({ name }) => ({ name, value: null })) }), [
    'headers',
  ]);
  deepStrictEqual(differing({ recordTimestamp: one.timestamp + 1 }), ['record_timestamp']);
});

test('a timestamp that no driver reads has none in its row', () => {
  const given = { ...one, timestamp: 9e15 };
  deepStrictEqual(differing({ recordTimestamp: null }, given), []);
  deepStrictEqual(differing({ recordTimestamp: 0 }, given), ['record_timestamp']);
});

test('a value that an event source mapping has taken out of its registry’s header, or turned into JSON, is the same', () => {
  const given = { ...one, value: confluent(7, encode()) };
  deepStrictEqual(differing({ value: encode() }, given), []);
  deepStrictEqual(differing({ value: Buffer.from('{}') }, given), []);
  deepStrictEqual(differing({ value: encode({ event_type: 'x' }) }, given), ['value']);
  // A bare value has no header that could have been taken away.
  deepStrictEqual(differing({ value: Buffer.from('{}') }), ['value']);
});
