import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { createDecoder } from '../../../../../functions/ingest/avro/create-decoder.ts';
import type { KafkaRecord } from '../../../../../functions/ingest/pipeline/kafka-record.ts';
import {
  bundledSchemas,
  createRegistry,
} from '../../../../../functions/ingest/schema-registry/create-registry.ts';
import {
  readSettings,
  type Settings,
} from '../../../../../functions/ingest/settings/read-settings.ts';
import { encode, fields, userId } from '../../../../support/avro.ts';
import { layout } from '../../../../support/events.ts';
import { startGlue } from '../../../../support/glue.ts';
import { type RegistryServer, startRegistryServer } from '../../../../support/registry-server.ts';
import { isRejection } from '../../../../support/rejections.ts';
import { confluent, encodeBy, readBy, writerSchema } from '../../../../support/writers.ts';

// A schema that differs from the reader's, so that values that were read by no schema, or by the wrong one, are no event.
const schema = writerSchema({
  user_id: ['null', 'string'],
  event_time: { type: 'long', logicalType: 'timestamp-micros' },
});
const micros = { ...fields(), event_time: 1_700_000_000_000_001 };
const bytes = encodeBy(schema, micros);
const glueId = '01234567-89ab-4cde-8f01-23456789abcd';

let registry: RegistryServer;
let glue: Awaited<ReturnType<typeof startGlue>>;
let id: number;
let guid: string;
before(async () => {
  registry = await startRegistryServer();
  ({ id, guid } = registry.register('events-value', schema));
  glue = await startGlue({ [glueId]: { definition: JSON.stringify(schema), format: 'AVRO' } });
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_GLUE: glue.endpoint,
  });
});
after(async () => {
  await registry[Symbol.asyncDispose]();
  await glue[Symbol.asyncDispose]();
});

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const guidHeader = (uuid: string) => [
  { name: '__value_schema_id', value: Buffer.concat([Buffer.of(1), uuidBytes(uuid)]) },
];
const glueValue = (compression: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.of(3, compression), uuidBytes(glueId), payload]);
const { user_id, event_type, event_time, event_id, metadata } = micros;
const jsonOf = (time: number): Buffer =>
  Buffer.from(JSON.stringify({ user_id, event_type, event_time: time, event_id, metadata }));
const json = jsonOf(event_time);
const jsonInMilliseconds = jsonOf(1_700_000_000_000);

/** The wire formats, as the table of docs/schemas.md names them. */
const formats: Record<string, () => Partial<KafkaRecord>> = {
  'bare Avro': () => ({ value: encode() }),
  'plain JSON of the event, from its `{` on': () => ({ value: jsonInMilliseconds }),
  'Confluent: 0, id of 4 bytes': () => ({ value: confluent(id, bytes) }),
  'Confluent: uuid in the header `__value_schema_id`': () => ({
    value: bytes,
    headers: guidHeader(guid),
  }),
  'Confluent: 1, uuid of 16 bytes': () => ({
    value: Buffer.concat([Buffer.of(1), uuidBytes(guid), bytes]),
  }),
  'Glue: 3, 0, uuid of 16 bytes': () => ({ value: glueValue(0, bytes) }),
  'Glue: 3, 5, uuid, compressed by zlib': () => ({ value: glueValue(5, deflateSync(bytes)) }),
  '`SOURCE` of the event source mapping, from Confluent': () => ({
    value: bytes,
    validatedBy: { dataFormat: 'AVRO', schemaId: String(id) },
  }),
  '`SOURCE` of the event source mapping, from Glue': () => ({
    value: bytes,
    validatedBy: { dataFormat: 'AVRO', schemaId: glueId },
  }),
  '`JSON` of the event source mapping, from Confluent': () => ({
    value: json,
    validatedBy: { dataFormat: 'AVRO', schemaId: String(id) },
  }),
  '`JSON` of the event source mapping, from Glue': () => ({
    value: json,
    validatedBy: { dataFormat: 'AVRO', schemaId: glueId },
  }),
};
/** The registries, as the table of docs/schemas.md names them. */
const registries: Record<string, () => { schemas: Record<string, object>; config: Settings }> = {
  none: () => ({ schemas: {}, config: config('none') }),
  bundled: () => ({
    schemas: { [id]: schema, [guid]: schema, [glueId]: schema },
    config: config('none'),
  }),
  confluent: () => ({ schemas: {}, config: config('confluent') }),
  glue: () => ({ schemas: {}, config: config('glue') }),
};
const config = (kind: Settings['registry']): Settings =>
  readSettings({
    CASSANDRA_CONTACT_POINTS: 'none',
    CASSANDRA_LOCAL_DATACENTER: 'none',
    CASSANDRA_KEYSPACE: 'none',
    CONSUMER_GROUP_ID: 'none',
    SCHEMA_REGISTRY: kind,
    SCHEMA_REGISTRY_URL: kind === 'confluent' ? registry.url : '',
  });

const page = readFileSync(join(import.meta.dirname, '../../../../../docs/schemas.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => Object.keys(formats).some((format) => line.startsWith(`| ${format} |`)))
  .map((line) => line.slice(2, -2).split(' | '));

test('docs/schemas.md has a row for every wire format', () => {
  deepStrictEqual(
    rows.map(([format]) => format),
    Object.keys(formats),
  );
});

for (const [format = '', ...cells] of rows)
  for (const [index, [name, open]] of Object.entries(registries).entries())
    test(`${format}, SCHEMA_REGISTRY ${name}: ${cells[index]}, as docs/schemas.md says`, async () => {
      const { schemas, config } = open();
      const decoder = createDecoder(
        { ...config, layout },
        bundledSchemas(schemas, createRegistry(config)),
      );
      const given = formats[format]?.() ?? {};
      const inMilliseconds = cells[index] === 'read, in ms';
      if (inMilliseconds) {
        // Without its schema, nobody says that the JSON's time is in microseconds.
        const micros = await readBy(decoder, given);
        ok(isRejection(micros) && micros.detail.includes('it may count microseconds'));
      }
      const value = inMilliseconds ? { value: jsonInMilliseconds } : {};
      const result = await readBy(decoder, { ...given, ...value });
      if (isRejection(result)) {
        strictEqual(`\`${result.reason}\``, cells[index]);
        return;
      }
      ok(cells[index] === 'read' || inMilliseconds);
      deepStrictEqual([result['user_id'], result['event_time']], [userId, 1_700_000_000_000]);
    });
