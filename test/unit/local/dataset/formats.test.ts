import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  expectedIn,
  type FormatName,
  formatOf,
  formats,
} from '../../../../local/dataset/formats.ts';
import { generate } from '../../../../local/dataset/generator.ts';
import { record } from '../../../support/records.ts';
import { decoderOf, readBy } from '../../../support/writers.ts';

const startTime = Date.UTC(2026, 2, 10, 23, 50);

for (const name of Object.keys(formats) as FormatName[])
  test(`records in ${name} are what the generator means, to the reader by hand and to the function`, async () => {
    const format = formatOf(name);
    const expectedOf = expectedIn(format);
    const decoder = decoderOf({ ...format.schemas });
    const stream = generate({ seed: 3, partitions: 2, startTime, step: 12, encode: format.encode });
    let events = 0;
    for (const { value, intent } of stream.take(4_000)) {
      const expected = expectedOf(value);
      const read = await readBy(decoder, record({ value }));
      if (intent.kind === 'broken') {
        deepStrictEqual(expected, { reason: intent.reason });
        strictEqual(read['reason' as never], intent.reason);
        continue;
      }
      events += 1;
      ok('event' in expected);
      strictEqual(expected.event.event_time, intent.event.event_time);
      const { user_id, ...others } = expected.event;
      deepStrictEqual(read, { user_id: `${user_id}`.toLowerCase(), ...others });
    }
    ok(events > 3_000);
  });

test('a value in Confluent’s format begins with its header, and one in JSON with a brace', () => {
  const [first] = generate({ seed: 1, partitions: 1, startTime, step: 12 }).take(1);
  ok(first?.intent.kind === 'on-time');
  const { event } = first.intent;
  const avro = formats.avro.encode(event);
  deepStrictEqual(formats.confluent.encode(event).subarray(5), avro);
  deepStrictEqual(Object.keys(formats.confluent.schemas), [
    `${formats.confluent.encode(event).readUInt32BE(1)}`,
  ]);
  const even = { ...event, event_time: 1_700_000_000_000 };
  const odd = { ...event, event_time: 1_700_000_000_001 };
  strictEqual(
    JSON.parse(formats.json.encode(even).toString()).event_time,
    '2023-11-14T22:13:20.000Z',
  );
  strictEqual(JSON.parse(formats.json.encode(odd).toString()).event_time, 1_700_000_000_001);
});
