import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { type Decoder, decode } from '../../../../functions/ingest/pipeline/decoder.ts';
import { eventOf } from '../../../support/events.ts';
import { record } from '../../../support/records.ts';

/** A decoder that reads one event of each record, and notes which records it was given. */
const noting = () => {
  const event = eventOf();
  const given: unknown[] = [];
  const decoder: Decoder = {
    decode(one) {
      given.push(one);
      return event;
    },
    fetchSchema: async () => {},
    fetchSchemas: () => new Map(),
  };
  return { decoder, event, given };
};

test('a record is decoded by the decoder, which is given the record itself', () => {
  const { decoder, event, given } = noting();
  const one = record();
  strictEqual(decode(one, decoder), event);
  deepStrictEqual(given, [one]);
});

test('a record that came malformed is rejected with what is wrong with it, and the decoder is not asked', () => {
  const { decoder, given } = noting();
  const malformed = 'the record is malformed in the Kafka event: headers must be an array';
  deepStrictEqual(decode(record({ malformed }), decoder), {
    kind: 'rejected',
    reason: 'undecodable',
    detail: malformed,
  });
  deepStrictEqual(given, []);
});
