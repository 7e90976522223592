import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { readingsOf } from '../../../../cli/rejected/readings.ts';
import userEvent from '../../../../schema/user-event.avsc.json' with { type: 'json' };
import { encode, userId } from '../../../support/avro.ts';
import { record } from '../../../support/records.ts';
import { settingsOf } from '../../../support/settings.ts';

const confluent = (schemaId: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, schemaId]), value]);
const own = 'schema/user-event.avsc.json';

test('a value whose header names an unknown schema is read by the schema that fits it', async () => {
  const value = confluent(99, encode({ event_type: 'view' }));
  const found = await readingsOf(record({ value }), settingsOf());
  match(String(found.own), /^unknown_schema: the value was written with schema 99/);
  deepStrictEqual(
    found.readings.map(({ by, event, fault }) => [by, event['event_type'], fault]),
    [[`confluent, whose header names schema 99, ${own}`, 'view', null]],
  );
});

test('a bare value under WIRE_FORMAT=confluent is read as a bare one', async () => {
  const found = await readingsOf(record(), settingsOf({ WIRE_FORMAT: 'confluent' }));
  match(String(found.own), /^undecodable: .* has no header of a confluent registry/);
  deepStrictEqual(
    found.readings.map(({ by, event }) => [by, event['user_id']]),
    [[`bare, ${own}`, userId]],
  );
});

test('a bundled writer’s schema reads a value, also one that the function takes for an event’s own', async () => {
  const older = { ...userEvent, fields: userEvent.fields.slice(0, 4) };
  const value = encode().subarray(0, -1);
  const known = { byId: { 12: older }, bare: [older] };
  const found = await readingsOf(record({ value: confluent(12, value) }), settingsOf(), known);
  deepStrictEqual(
    found.readings.map(({ by, fault }) => [by, fault]),
    [
      ['confluent, whose header names schema 12, bundled schema 12', null],
      ['confluent, whose header names schema 12, bundled bare schema 1', null],
    ],
  );
});

test('an event that is not valid is shown with its fault, also one whose time no calendar has', async () => {
  const value = encode({ event_time: 9_000_000_000_000_000 });
  const { readings } = await readingsOf(record({ value }), settingsOf());
  strictEqual(readings[0]?.event['event_time'], 9_000_000_000_000_000);
  match(readings[0]?.fault ?? '', /^invalid_event_time: event_time must be from/);
});

test('bytes that nothing reads have no reading, and a tombstone has none', async () => {
  for (const value of [
    Buffer.from('ff00ff', 'hex'),
    Buffer.alloc(0),
    Buffer.alloc(100, 0xff),
    null,
  ])
    deepStrictEqual((await readingsOf(record({ value }), settingsOf())).readings, []);
});
