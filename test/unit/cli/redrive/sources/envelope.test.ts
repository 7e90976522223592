import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvelope } from '../../../../../cli/redrive/sources/envelope.ts';
import { envelopeOf } from '../../../../support/failure-envelope.ts';

const at = (offset: number) => ({
  topic: 'clicks',
  partition: 2,
  offset,
  value: Buffer.from(`${offset}`),
});
const whole = envelopeOf([at(5), at(6)]);
const { payload, ...notice } = whole;

test('an envelope of a bucket or a topic has the records, with why they were given up', () => {
  for (const form of [payload, JSON.parse(payload)]) {
    const read = readEnvelope(JSON.stringify({ ...notice, payload: form }));
    strictEqual(read.kind, 'records');
    strictEqual(read.why, 'given up: RetryAttemptsExhausted');
    deepStrictEqual(
      read.records.map(({ topic, partition, offset, value }) => [
        topic,
        partition,
        offset,
        `${value}`,
      ]),
      [
        ['clicks', 2, 5, '5'],
        ['clicks', 2, 6, '6'],
      ],
    );
  }
});

test('an envelope of a queue names the range of its records, and so does one that SNS has wrapped', () => {
  const ranges = [{ topic: 'clicks', partition: 2, from: 5n, to: 7n }];
  const text = JSON.stringify(notice);
  for (const given of [text, JSON.stringify({ Type: 'Notification', Message: text })]) {
    const read = readEnvelope(given);
    deepStrictEqual(read.kind === 'ranges' && read.ranges, ranges);
  }
});

test('the topic of a range may have hyphens and digits', () => {
  const { KafkaBatchInfo } = notice;
  const recordsInfo = {
    'user-events-2-11': { firstRecordOffset: '0', lastRecordOffset: '0' },
  };
  const read = readEnvelope(
    JSON.stringify({ ...notice, KafkaBatchInfo: { ...KafkaBatchInfo, recordsInfo } }),
  );
  deepStrictEqual(read.kind === 'ranges' && read.ranges, [
    { topic: 'user-events-2', partition: 11, from: 0n, to: 1n },
  ]);
});

test('anything else is unreadable, with a reason and no contents', () => {
  const { KafkaBatchInfo } = notice;
  for (const [given, detail] of [
    ['', /no envelope/],
    ['{"hello": "secret"}', /no envelope/],
    ['[1]', /no envelope/],
    [JSON.stringify({ ...notice, payload: '{"secret": 1}' }), /no Kafka event/],
    [JSON.stringify({ ...notice, payload: 'secret' }), /no Kafka event/],
    [
      JSON.stringify({
        ...notice,
        KafkaBatchInfo: { ...KafkaBatchInfo, recordsInfo: undefined },
      }),
      /names no records/,
    ],
    [
      JSON.stringify({
        ...notice,
        KafkaBatchInfo: {
          recordsInfo: { clicks: { firstRecordOffset: '0', lastRecordOffset: '1' } },
        },
      }),
      /names no topic and partition/,
    ],
  ] as const) {
    const read = readEnvelope(given);
    strictEqual(read.kind, 'unreadable', given);
    match(read.detail, detail);
    strictEqual(read.detail.includes('secret'), false);
  }
});
