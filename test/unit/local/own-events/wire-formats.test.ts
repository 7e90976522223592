import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '../../../../local/own-events/wire-formats.ts';

const event = { fields: { user_id: 'a', event_time: 5 }, avro: Buffer.of(1, 2) };

test('an event is written as bare Avro, behind Confluent’s header, or as JSON', () => {
  deepStrictEqual(encode(event, 'avro'), Buffer.of(1, 2));
  deepStrictEqual(encode(event, 'confluent', 258), Buffer.of(0, 0, 0, 1, 2, 1, 2));
  deepStrictEqual(encode(event, 'json').toString(), '{"user_id":"a","event_time":5}');
});
