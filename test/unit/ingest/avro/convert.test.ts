import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldValues } from '../../../../functions/ingest/event/user-event.ts';
import { eventId, eventValues, fields, userId } from '../../../support/avro.ts';
import { isRejection } from '../../../support/rejections.ts';
import { confluent, decoderOf, encodeBy, readBy, writerSchema } from '../../../support/writers.ts';

// How a type of the writer's schema is read as the kind of the reader's field.

/** What a value is read as that was written by a schema. */
const readAs = (schema: object, bytes: Buffer) =>
  readBy(decoderOf({ 7: schema }), { value: confluent(7, bytes) });
const readWritten = (schema: object, given: object) =>
  readAs(schema, encodeBy(schema, { ...fields(), ...given }));
const eventOf = async (schema: object, given: object): Promise<FieldValues> => {
  const event = await readWritten(schema, given);
  ok(!isRejection(event), JSON.stringify(event));
  return event;
};
/** `reason: detail` of a value that must be rejected. */
const rejected = async (schema: object, bytes: Buffer): Promise<string> => {
  const result = await readAs(schema, bytes);
  ok(isRejection(result), JSON.stringify(result));
  return `${result.reason}: ${result.detail}`;
};
const published: FieldValues = eventValues();

for (const [type, given, expected] of [
  ['long', 1_700_000_000_000, 1_700_000_000_000],
  ['int', 1_000, 1_000],
  [{ type: 'long', logicalType: 'timestamp-millis' }, -1, -1],
  [{ type: 'long', logicalType: 'timestamp-micros' }, 1_700_000_000_000_999, 1_700_000_000_000],
  [{ type: 'long', logicalType: 'timestamp-micros' }, -1, -1],
  [{ type: 'long', logicalType: 'timestamp-micros' }, -1_000, -1],
  [{ type: 'long', logicalType: 'timestamp-micros' }, -1_001, -2],
  [{ type: 'long', logicalType: 'timestamp-nanos' }, 1_999_999, 1],
  [{ type: 'long', logicalType: 'of-no-spec' }, 5, 5],
  [['null', { type: 'long', logicalType: 'timestamp-micros' }], 5_000, 5],
] as const)
  test(`an event_time of ${JSON.stringify(type)} that is ${given} is the millisecond ${expected}`, async () => {
    const { event_time } = await eventOf(writerSchema({ event_time: type }), { event_time: given });
    strictEqual(event_time, expected);
  });

test('micro- and nanoseconds beyond 2^53 are divided to the digit', async () => {
  for (const [unit, given, millis] of [
    ['micros', 253_402_300_799_999_999n, 253_402_300_799_999],
    ['micros', -62_135_596_800_000_000n, -62_135_596_800_000],
    ['micros', -62_135_596_799_999_001n, -62_135_596_800_000],
    ['micros', 9_007_199_254_740_993_999n, undefined],
    ['nanos', 9_223_372_036_854_775_807n, 9_223_372_036_854],
    ['nanos', -9_223_372_036_854_775_808n, -9_223_372_036_855],
  ] as const) {
    const schema = writerSchema({ event_time: { type: 'long', logicalType: `timestamp-${unit}` } });
    const head = encodeBy(schema, { ...fields(), event_time: 0 });
    const at = head.indexOf('click') + 'click'.length;
    const long: number[] = [];
    let zigzag = BigInt.asUintN(64, (given << 1n) ^ (given >> 63n));
    for (; zigzag >= 0x80n; zigzag >>= 7n) long.push(Number(zigzag & 0x7fn) | 0x80);
    long.push(Number(zigzag));
    const bytes = Buffer.concat([head.subarray(0, at), Buffer.from(long), head.subarray(at + 1)]);
    const event = await readAs(schema, bytes);
    if (isRejection(event)) strictEqual(event.reason, 'invalid_event_time');
    strictEqual(isRejection(event) ? undefined : event['event_time'], millis);
  }
});

test('a uuid of sixteen bytes is the uuid', async () => {
  const uuid = { type: 'fixed', name: 'Uuid', size: 16, logicalType: 'uuid' };
  const schema = writerSchema({ user_id: uuid, event_id: ['null', 'Uuid'] });
  const bytes = (text: string) => Buffer.from(text.replaceAll('-', ''), 'hex');
  deepStrictEqual(
    await eventOf(schema, { user_id: bytes(userId), event_id: bytes(eventId) }),
    published,
  );
});

test('bytes are promoted to a string, and must be UTF-8 as well', async () => {
  const schema = writerSchema({ event_type: 'bytes' });
  const { event_type } = await eventOf(schema, { event_type: Buffer.from('clïck') });
  strictEqual(event_type, 'clïck');
  const wrong = encodeBy(schema, { ...fields(), event_type: Buffer.of(0xff) });
  ok((await rejected(schema, wrong)).endsWith('a string is not UTF-8'));
});
