import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import type { WireFormat } from '../../functions/ingest/avro/framing/wire-format.ts';
import type { Header } from '../../functions/ingest/pipeline/kafka-record.ts';
import { avroBytes, changeOfBytes, faults } from './avro-bytes.ts';
import { jsonBytes } from './json-bytes.ts';

/** The schemas that a value names as its writer's: the reader's, an evolved one, one that does not exist, or no Avro. */
export const schemas = ['own', 'evolved', 'unknown', 'protobuf'] as const;
export type SchemaName = (typeof schemas)[number];

/** The ways in which a value names its schema. */
const framings = ['bare', 'id', 'guid', 'header', 'glue', 'glue-zlib', 'json'] as const;
type Framing = (typeof framings)[number];

/** A value in a wire format. */
export interface FramedValue {
  readonly framing: Framing;
  readonly schema: SchemaName;
  /** The Avro bytes in the frame; plain JSON where the framing is so. */
  readonly body: Buffer;
  readonly value: Buffer;
  readonly headers: readonly Header[];
  /** Whether nothing was changed after the framing. */
  readonly whole: boolean;
  readonly format: WireFormat;
}

export const idOf = (schema: SchemaName): number => schemas.indexOf(schema) + 1;
export const guidOf = (schema: SchemaName): string =>
  `00000000-0000-4000-8000-00000000000${idOf(schema)}`;

const guidBytes = (schema: SchemaName): Buffer =>
  Buffer.from(guidOf(schema).replaceAll('-', ''), 'hex');

const prefix = (framing: Framing, schema: SchemaName): Buffer => {
  if (framing === 'id') return Buffer.of(0, 0, 0, 0, idOf(schema));
  if (framing === 'guid') return Buffer.concat([Buffer.of(1), guidBytes(schema)]);
  if (framing === 'glue') return Buffer.concat([Buffer.of(3, 0), guidBytes(schema)]);
  if (framing === 'glue-zlib') return Buffer.concat([Buffer.of(3, 5), guidBytes(schema)]);
  return Buffer.alloc(0);
};

const headerOf = (schema: SchemaName): Header => ({
  name: '__value_schema_id',
  value: Buffer.concat([Buffer.of(1), guidBytes(schema)]),
});

/** Bytes that zlib shrinks to a thousandth: more than a value may inflate to. */
const bomb = fc.nat(4).map((size) => Buffer.alloc(20_000 + size * 400_000));

const otherHeaders: fc.Arbitrary<Header[]> = fc.array(
  fc.record({
    name: fc.constantFrom('__value_schema_id', '__key_schema_id', 'trace', ''),
    value: fc.option(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes))),
  }),
  { maxLength: 2 },
);

/** Values as serializers frame them, with faults in the frame and in its contents, under any setting. */
export const framedValues: fc.Arbitrary<FramedValue> = fc
  .record({
    framing: fc.constantFrom(...framings),
    schema: fc.constantFrom<SchemaName[]>('own', 'own', 'evolved', 'unknown', 'protobuf'),
    avro: fc.oneof({ weight: 99, arbitrary: avroBytes }, { weight: 1, arbitrary: bomb }),
    json: jsonBytes,
    changes: faults(changeOfBytes),
    others: fc.oneof(
      { weight: 9, arbitrary: fc.constant<Header[]>([]) },
      { weight: 1, arbitrary: otherHeaders },
    ),
    format: fc.constantFrom<FramedValue['format'][]>(
      'auto',
      'auto',
      'auto',
      'auto',
      'bare',
      'confluent',
      'glue',
      'json',
    ),
  })
  .map(({ framing, schema, avro, json, changes, others, format }): FramedValue => {
    const body = framing === 'json' ? json : avro;
    const payload: Buffer = framing === 'glue-zlib' ? deflateSync(body) : body;
    const framed = Buffer.concat([prefix(framing, schema), payload]);
    return {
      framing,
      schema,
      body,
      value: changes.reduce<Buffer>((before, change) => change(before), framed),
      headers: framing === 'header' ? [...others, headerOf(schema)] : others,
      whole: changes.length === 0 && others.length === 0,
      format,
    };
  });
