import { deepStrictEqual, doesNotMatch, ok, strictEqual } from 'node:assert/strict';
import { JsonReader } from '../../functions/ingest/avro/plain-json/json-reader.ts';
import { type Rejection, reasons } from '../../functions/ingest/event/rejection.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import type { Decoder, SchemaId } from '../../functions/ingest/pipeline/decoder.ts';
import {
  notAvro,
  type SchemaRegistry,
  unknownSchema,
} from '../../functions/ingest/schema-registry/schema-registry.ts';
import schema from '../../schema/user-event.avsc.json' with { type: 'json' };
import { asFields, decoderWith, decodeUnscanned, layout, toEvent } from '../support/events.ts';
import { recordWithin, within } from '../support/within.ts';
import { ours, withBoundedWork } from './bounded-work.ts';
import { type FramedValue, guidOf, idOf, schemas } from './wire-formats.ts';

/** The fields of an evolved schema: another order, an additional field to skip, and null allowed in the metadata’s values. */
const evolved = {
  ...schema,
  fields: [
    { name: 'visits', type: { type: 'array', items: ['null', 'long', 'string'] }, default: [] },
    ...schema.fields.toReversed(),
  ],
};

const registry: SchemaRegistry = {
  async fetch(id) {
    const name = schemas.find((one) => idOf(one) === id || guidOf(one) === id);
    if (name === 'protobuf') return notAvro(id, 'PROTOBUF');
    if (name === 'own' || name === 'evolved')
      return {
        kind: 'found',
        text: JSON.stringify(name === 'own' ? schema : evolved),
        references: [],
      };
    return unknownSchema(id, 'no registry of this test has it');
  },
};

const decoders: Readonly<Record<FramedValue['format'], Decoder>> = {
  auto: decoderWith({ wireFormat: 'auto', registry: 'confluent' }, registry),
  bare: decoderWith({ wireFormat: 'bare', registry: 'confluent' }, registry),
  confluent: decoderWith({ wireFormat: 'confluent', registry: 'confluent' }, registry),
  glue: decoderWith({ wireFormat: 'glue', registry: 'confluent' }, registry),
  json: decoderWith({ wireFormat: 'json', registry: 'confluent' }, registry),
};
const plainJson = new JsonReader(layout);

/** Gives the greatest inflated size of a value: 64 times its length, or 16 KiB (avro/framing/inflate.ts). */
const mostInflated = (bytes: number): number => Math.max(16 * 1024, 64 * bytes);

type Read = UserEvent | Rejection;

/**
 * Checks a law: with its schema at hand, a value in any wire format is an event or a rejection, in no more steps than bytes. An
 * unchanged value of the reader's own schema has the same result as its Avro bytes without the frame.
 * @returns the fate of the value.
 */
export const readsTheFramed = async (input: FramedValue): Promise<string> => {
  const { value, headers, format } = input;
  const decoder = decoders[format];
  const decode = () =>
    withBoundedWork(mostInflated(value.length), ours, () =>
      decoder.decode(recordWithin(value, headers)),
    );
  let decoded = decode();
  const awaited: SchemaId[] = [];
  while (decoded.kind === 'missing-schema') {
    ok(!awaited.includes(decoded.id), 'a schema that was fetched is awaited again');
    awaited.push(decoded.id);
    await decoder.fetchSchema(decoded.id);
    decoded = decode();
  }
  if (decoded.kind === 'rejected') {
    ok(reasons.includes(decoded.reason) && decoded.detail.length < 400);
    doesNotMatch(decoded.detail, /[^ -~’…–]/);
  }
  expects(input, decoded);
  return decoded.kind === 'rejected' ? decoded.reason : 'event';
};

/** Gives the expected fate of an unchanged value, from the way in which it was framed. */
const expects = (
  { framing, schema: name, body, whole, format, value }: FramedValue,
  read: Read,
) => {
  if (!whole || framing === 'bare') return;
  if (framing === 'json') {
    if (body[0] !== openingBrace || (format !== 'auto' && format !== 'json')) return;
    deepStrictEqual(resultOf(read), resultOf(plainJson.read(within(body))));
    return;
  }
  const ofFormat = framing.startsWith('glue') ? 'glue' : 'confluent';
  if (format !== 'auto' && format !== ofFormat) return;
  const tooLarge = framing === 'glue-zlib' && body.length > mostInflated(value.length - 18);
  if (tooLarge) strictEqual(reasonOf(read), 'undecodable');
  else if (name === 'unknown') strictEqual(reasonOf(read), 'unknown_schema');
  else if (name === 'protobuf') strictEqual(reasonOf(read), 'incompatible_schema');
  else if (name === 'own') {
    const bare = toEvent(decodeUnscanned(within(body)));
    if (bare.kind === 'rejected') strictEqual(reasonOf(read), bare.reason);
    else deepStrictEqual(asFields(read), asFields(bare));
  }
};

const openingBrace = 0x7b;

const resultOf = (read: Read) => (read.kind === 'rejected' ? read : read.toObject());

const reasonOf = (read: Read): string => (read.kind === 'rejected' ? read.reason : 'an event');
