import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { after, test } from 'node:test';
import type { types } from 'cassandra-driver';
import { toKafkaEvent } from '../../events/kafka-event.ts';
import { samples } from '../../events/samples.ts';
import { createHandler } from '../../functions/ingest/create-handler.ts';
import { NotAKafkaEventError } from '../../functions/ingest/pipeline/errors.ts';
import type { PartitionResult } from '../../functions/ingest/pipeline/outcome.ts';
import { encode, userId } from '../support/avro.ts';
import { openKeyspace } from '../support/keyspace.ts';

const keyspace = await openKeyspace();
let newest: readonly PartitionResult[] = [];
const { close, handler } = createHandler(keyspace.environment, {
  onResults(results) {
    newest = results;
  },
});
after(async () => {
  await close();
  await keyspace[Symbol.asyncDispose]();
});

const invoke = async (event: unknown) => {
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const response = await handler(event, context as Parameters<typeof handler>[1]);
  const became = newest
    .flatMap(({ outcomes }) => outcomes)
    .map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind));
  return { response, became };
};
const eventOf = (topic: string, values: readonly (Buffer | undefined)[]) => ({
  eventSource: 'aws:kafka',
  records: {
    [`${topic}-0`]: values.map((value, offset) => ({
      topic,
      partition: 0,
      offset,
      timestamp: 1_700_000_000_000,
      timestampType: 'CREATE_TIME',
      ...(value === undefined ? {} : { value: value.toString('base64') }),
      headers: [],
    })),
  },
});
const rejectedOf = (topic: string) =>
  keyspace.rows(
    `SELECT * FROM ${keyspace.name}.rejected_events WHERE topic = '${topic}' ALLOW FILTERING`,
  );
const allHandled = { batchItemFailures: [] };

for (const [name, sample] of Object.entries(samples))
  test(`events/${name}.json: its records become rows as written beside them, delivered once or twice`, async () => {
    const event = toKafkaEvent(sample);
    const expected = sample.records.map(({ becomes }) => becomes);
    for (const _delivery of [1, 2])
      deepStrictEqual(await invoke(event), { response: allHandled, became: expected });
    const kept = (await rejectedOf(sample.topic)).map((row) => row['reason']).sort();
    deepStrictEqual(
      kept,
      expected.filter((one) => one !== 'written' && one !== 'superseded').sort(),
    );
  });

test('an event that is not Kafka’s fails with a sentence', async () => {
  await rejects(invoke({ Records: [] }), (error) => {
    match(String(error), /not a Kafka event: eventSource must be/);
    return error instanceof NotAKafkaEventError;
  });
});

test('an empty batch is handled', async () => {
  deepStrictEqual((await invoke({ eventSource: 'aws:kafka', records: {} })).response, allHandled);
});

test('metadata of 0 and of 10,000 entries and of 900 kB become rows', async () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key${n}`, `${n}`]));
  const values = [{}, many, { large: 'x'.repeat(900_000) }].map((metadata, index) =>
    encode({ metadata, event_time: 1_700_000_000_000 + index }),
  );
  deepStrictEqual(await invoke(eventOf('metadata', values)), {
    response: allHandled,
    became: ['written', 'written', 'written'],
  });
});

/** Encodes an event with these bytes as its type, and as key and value of its metadata. */
const withText = (bytes: Buffer): Buffer => {
  const mark = '~'.repeat(bytes.length);
  const value = encode({ event_type: mark, metadata: { [mark]: mark } });
  for (let at = value.indexOf(mark); at !== -1; at = value.indexOf(mark, at + mark.length))
    bytes.copy(value, at);
  return value;
};

for (const [what, hex] of [
  ['NUL', '610062'],
  ['a character of four bytes', 'f09fa68a'],
  ['the last character', 'f48fbfbf'],
  ['a genuine replacement character', '61efbfbd'],
  ['a code point that is no character', 'efbfbf'],
  ['a letter and its accent, not normalized', '65cc81'],
] as const)
  test(`a text of ${what} is stored to the byte`, async () => {
    const topic = `text-${hex}`;
    const user = `11111111-1111-4111-8111-${hex.padStart(12, '0')}`;
    const bytes = Buffer.from(hex, 'hex');
    const value = withText(bytes);
    value.write(user, value.indexOf(userId));
    deepStrictEqual((await invoke(eventOf(topic, [value]))).became, ['written']);
    const [row] = await keyspace.rows(
      `SELECT text_as_blob(event_type) AS event_type, metadata FROM ${keyspace.name}.user_events ` +
        `WHERE user_id = ${user} ALLOW FILTERING`,
    );
    deepStrictEqual(row?.['event_type'], bytes);
    deepStrictEqual(row?.['metadata'], new Map([[bytes.toString(), bytes.toString()]]));
  });

for (const [what, hex] of [
  ['half a surrogate pair', 'eda080'],
  ['a surrogate pair, as CESU-8 has it', 'eda0bdedb880'],
  ['an overlong NUL, as Java’s modified UTF-8 has it', 'c080'],
  ['an overlong slash', 'e080af'],
  ['a code point beyond Unicode', 'f4908080'],
  ['half a character', 'f09fa6'],
  ['a byte of no character', '61ff'],
] as const)
  test(`a text of ${what} is undecodable, and kept to the byte`, async () => {
    const value = withText(Buffer.from(hex, 'hex'));
    const topic = `text-${hex}`;
    deepStrictEqual((await invoke(eventOf(topic, [value]))).became, ['undecodable']);
    const [row] = await rejectedOf(topic);
    deepStrictEqual(row?.['value'], value);
    match(row?.['detail'], /a string is not UTF-8$/);
  });

test('names of objects’ own machinery are names like any other, and change no object', async () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf', 'prototype'];
  const user = '11111111-1111-4111-8111-0000000bad00';
  const metadata = Object.create(null);
  for (const name of names)
    Object.defineProperty(metadata, name, { value: 'polluted', enumerable: true });
  const headers = names.map((name) => `{"${name}":[112]}`).join();
  const position = '"topic":"names","partition":0,"timestamp":1700000000000';
  const text = `{"__proto__":{"eventSource":"none"},"constructor":{"prototype":{"polluted":1}},
    "eventSource":"aws:kafka","records":{"__proto__":[
      {${position},"offset":0,"value":"${encode({ user_id: user, metadata }).toString('base64')}"},
      {${position},"offset":1,"__proto__":{"polluted":1},"headers":[${headers}]}]}}`;
  const { response, became } = await invoke(JSON.parse(text));
  deepStrictEqual({ response, became }, { response: allHandled, became: ['written', 'tombstone'] });
  const [row] = await keyspace.rows(
    `SELECT metadata FROM ${keyspace.name}.user_events WHERE user_id = ${user} ALLOW FILTERING`,
  );
  deepStrictEqual(row?.['metadata'], new Map(names.toSorted().map((name) => [name, 'polluted'])));
  const [rejected] = await rejectedOf('names');
  deepStrictEqual(
    rejected?.['headers'].map((header: types.Tuple) => header.get(0)),
    names,
  );
  deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), before);
  strictEqual('polluted' in {}, false);
});

test('a record that is malformed in the event is rejected by itself, and those around it are written', async () => {
  const value = encode().toString('base64');
  const event = eventOf('malformed', [
    encode(),
    encode(),
    undefined,
    encode({ event_type: 'scroll' }),
  ]);
  const records = event.records['malformed-0'] as { value?: string }[];
  records[1] = { ...records[1], value, valueSchemaMetadata: { dataFormat: 'AVRO' } } as object;
  records[2] = { ...records[2], valueSchemaMetadata: {} } as object;
  const { response, became } = await invoke(event);
  deepStrictEqual(response, allHandled);
  deepStrictEqual(became, ['written', 'undecodable', 'tombstone', 'written']);
  const row = (await rejectedOf('malformed')).find(({ reason }) => reason === 'undecodable');
  deepStrictEqual(row?.['value'], encode());
  match(row?.['detail'], /valueSchemaMetadata\.schemaId must be a text \(given undefined\)$/);
});

test('no time that is written is one that a driver cannot read', async () => {
  const timestamps = [0, -1, 1_700_000_000, 1_700_000_000_000_000, 9.2e18, -9.2e18];
  const values = [
    ...timestamps.map(() => undefined),
    encode({ event_time: 1_700_000_000_000_000 }),
  ];
  const event = eventOf('timestamps', values);
  for (const [index, record] of event.records['timestamps-0']?.entries() ?? [])
    record.timestamp = timestamps[index] ?? record.timestamp;
  const { became } = await invoke(event);
  deepStrictEqual(became, [...Array(6).fill('tombstone'), 'invalid_event_time']);
  const rows = await rejectedOf('timestamps');
  strictEqual(rows.length, 7);
  for (const row of rows) {
    const year = (row['rejected_date'] as types.LocalDate).year;
    ok(year >= 1 && year <= 9999, `${year}`);
    const time = (row['record_timestamp'] as Date | null)?.getTime() ?? 0;
    ok(time >= -62_135_596_800_000 && time <= 253_402_300_799_999);
  }
  deepStrictEqual(rows.filter((row) => row['record_timestamp'] === null).length, 3);
  const micros = rows.find(({ reason }) => reason === 'invalid_event_time');
  strictEqual(micros?.['event_time'], null);
  match(micros?.['detail'], /it may count microseconds/);
});

// The server accepts rows of 2 MiB (local/servers/cassandra-config.ts). A cell of the map takes more than its text. With more entries
// than these, the function would reject the event without asking the server.
const tooLargeAsRow = encode({
  metadata: Object.fromEntries(Array.from({ length: 65_535 }, (_, n) => [`k${n}`, 'x'.repeat(24)])),
});
const tooLargeAtAll = encode({ metadata: { large: 'x'.repeat(2_200_000) } });

test('a row that the database refuses as too large is rejected with its bytes, and stops nothing', async () => {
  ok(tooLargeAsRow.length < 2 * 1024 * 1024 - 10_000);
  const { response, became } = await invoke(
    eventOf('too-large', [tooLargeAsRow, encode({ event_time: 1_700_000_000_001 })]),
  );
  deepStrictEqual({ response, became }, { response: allHandled, became: ['refused', 'written'] });
  const [row] = await rejectedOf('too-large');
  strictEqual(row?.['detail'], 'the database refuses the row as too large');
  deepStrictEqual(row?.['value'], tooLargeAsRow);
});

test('a record that cannot even be rejected is reported as failed, with all behind it', async () => {
  const { response, became } = await invoke(
    eventOf('far-too-large', [encode(), tooLargeAtAll, undefined]),
  );
  deepStrictEqual(became, ['written', 'failed', 'failed']);
  deepStrictEqual(response.batchItemFailures, [
    { itemIdentifier: { partition: 'far-too-large-0', offset: 1 } },
    { itemIdentifier: { partition: 'far-too-large-0', offset: 2 } },
  ]);
});
