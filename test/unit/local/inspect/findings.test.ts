import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import { readSettings } from '../../../../functions/ingest/settings/read-settings.ts';
import { inspect } from '../../../../local/inspect/findings.ts';
import published from '../../../../schema/user-event.avsc.json' with { type: 'json' };
import { encode, eventValues, fields } from '../../../support/avro.ts';
import { record } from '../../../support/records.ts';
import { confluent, decoderOf, encodeBy, writerSchema } from '../../../support/writers.ts';

const t0 = 1_700_000_000_000;
const config = readSettings({
  CASSANDRA_CONTACT_POINTS: 'none',
  CASSANDRA_LOCAL_DATACENTER: 'none',
  CASSANDRA_KEYSPACE: 'none',
  CONSUMER_GROUP_ID: 'none',
});
const partition = (values: readonly (Buffer | null)[], number = 0) =>
  values.map((value, offset) => record({ partition: number, offset, value, timestamp: t0 }));
const counts = (findings: ReadonlyMap<string, { readonly count: number }>) =>
  Object.fromEntries([...findings].map(([kind, { count }]) => [kind, count]));

test('records are counted by wire format and schema, and by what they would become', async () => {
  const schema = writerSchema({ added: 'string' });
  const evolved = confluent(7, encodeBy(schema, { ...fields({ event_time: t0 }), added: 'x' }));
  const findings = await inspect(
    [
      partition([encode({ event_time: t0 }), evolved, encode({ event_time: t0 - 120_001 }), null]),
      partition([encode({ event_time: t0 + 300_001 }), confluent(8, encode()), Buffer.alloc(0)], 1),
    ],
    decoderOf({ 7: schema }),
    config,
    t0,
  );
  strictEqual(findings.records, 7);
  deepStrictEqual(counts(findings.formats), {
    'bare, first byte 0x48': 3,
    'confluent, schema 7': 1,
    'no value': 1,
    'confluent, schema 8': 1,
    'no bytes': 1,
  });
  deepStrictEqual(counts(findings.becomes), {
    'a row': 2,
    'rejected: late': 1,
    'rejected: tombstone': 1,
    'a row, in the future': 1,
    'rejected: unknown_schema': 1,
    'rejected: undecodable': 1,
  });
  deepStrictEqual(
    findings.samples.map(({ record: name }) => name),
    ['events-0@0', 'events-0@1'],
  );
  deepStrictEqual(findings.samples[0]?.event.toObject(), eventValues({ event_time: t0 }));
});

test('a schema that cannot be fetched is asked for once, and its records are said to wait, and why', async () => {
  let asked = 0;
  const registry = {
    fetch: () => {
      asked += 1;
      return Promise.reject(new UnavailableError('the login is refused'));
    },
  };
  const findings = await inspect(
    [partition([confluent(7, encode()), confluent(7, encode()), encode({ event_time: t0 })])],
    decoderOf({}, {}, registry),
    config,
    t0,
  );
  deepStrictEqual(findings.becomes.get('waits for its schema'), {
    count: 2,
    example: 'events-0@0',
    detail: 'the login is refused',
  });
  deepStrictEqual([asked, findings.becomes.get('a row')?.count], [1, 1]);
});

test('values of foreign formats are counted by their names, with what to do', async () => {
  const schema = writerSchema();
  const json = Buffer.from(JSON.stringify(fields()));
  const values = [
    Buffer.concat([Buffer.from(' '), json]),
    json,
    Buffer.concat([Buffer.from('Obj\x01'), encode()]),
    confluent(7, json),
    Buffer.concat([Buffer.from('000000000000000005', 'hex'), encode()]),
    encode({ event_time: t0 }),
  ];
  const { formats, notes } = await inspect(
    [partition(values)],
    decoderOf({ 7: schema }),
    config,
    t0,
  );
  deepStrictEqual(counts(formats), {
    'JSON text behind white space': 1,
    'plain JSON': 1,
    'an Avro object container, a file with its schema': 1,
    'confluent, schema 7, looks like JSON text': 1,
    'confluent, schema 0, looks like one of Apicurio’s serializer, with a schema id of eight bytes': 1,
    'bare, first byte 0x48': 1,
  });
  deepStrictEqual(
    notes.map((note) => note.split(':')[0]),
    [
      'JSON text behind white space, 1 of 6 values',
      'an Avro object container, a file with its schema, 1 of 6 values',
      'JSON text, 1 of 6 values',
      'one of Apicurio’s serializer, with a schema id of eight bytes, 1 of 6 values',
    ],
  );
});

test('timestamps in seconds are told, and that nothing can be late by them', async () => {
  const records = [t0, t0 - 3_600_000, t0 + 1].map((event_time, offset) =>
    record({ offset, timestamp: Math.floor(t0 / 1000), value: encode({ event_time }) }),
  );
  const { becomes, notes } = await inspect([records], decoderOf({}), config, t0);
  deepStrictEqual(counts(becomes), { 'a row, in the future': 3 });
  deepStrictEqual(notes, [
    '3 of 3 record timestamps look like seconds. Kafka counts milliseconds: the producer must set those, or leave the timestamp out.',
    '3 of 3 events on time are more than 120 s (MAX_FUTURE_SECONDS) ahead of their record’s timestamp: their times do not move the ' +
      'maximum, so nothing is late.',
  ]);
});

test('the trap of MAX_FUTURE_SECONDS above OUT_OF_ORDERNESS_SECONDS is told', async () => {
  const { notes } = await inspect(
    [partition([encode({ event_time: t0 })])],
    decoderOf({}),
    { ...config, maxFutureMs: 300_000 },
    t0,
  );
  deepStrictEqual(notes.length, 1);
});

test('values that end before the schema’s last fields are said to be of a producer from before them, and what to do', async () => {
  const before = { ...published, fields: published.fields.slice(0, -1) };
  const older = encodeBy(before, fields());
  const whole = encode();
  const { notes } = await inspect(
    [partition([whole, older, older, whole.subarray(0, 20)])],
    decoderOf({}),
    config,
    t0,
  );
  deepStrictEqual(
    notes.filter((note) => note.includes('"bare"')),
    [
      `2 of 4 values end where field ${published.fields.at(-1)?.name} would begin: their producer does not know the field yet. List the schema without the ` +
        'field under "bare" in schema/writer-schemas.json to read them.',
    ],
  );
});
