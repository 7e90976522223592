import {
  type ForeignFormat,
  foreignFormat,
  foreignHeader,
} from '../../functions/ingest/avro/framing/foreign-format.ts';
import { isJson, unframe } from '../../functions/ingest/avro/framing/wire-format.ts';
import { rangeOf } from '../../functions/ingest/bytes/byte-range.ts';
import type { Reason } from '../../functions/ingest/event/rejection.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';

/** Finds the known format that a rejected value looks like, as its rejection's detail names it. */
export const foreignOf = (
  { value, headers, validatedBy }: KafkaRecord,
  reason: Reason,
  { wireFormat }: Pick<Settings, 'wireFormat'>,
): ForeignFormat | undefined => {
  if (value === null) return undefined;
  const whole = rangeOf(value);
  if (reason === 'unknown_schema') return foreignHeader(whole);
  if (reason !== 'undecodable') return undefined;
  if (validatedBy !== undefined) return foreignFormat(whole);
  const framed = unframe(whole, headers, wireFormat);
  if (framed === null && isJson(whole, wireFormat)) return undefined;
  return framed?.kind !== 'framed'
    ? foreignFormat(whole, headers)
    : foreignFormat({ ...framed.value, start: framed.start });
};

/** Names the wire format of a record's value, with its schema's id where it has one. */
export const wireFormatOf = (
  record: KafkaRecord,
  foreign: ForeignFormat | undefined,
  { wireFormat }: Pick<Settings, 'wireFormat'>,
): string => {
  const { value, headers, validatedBy } = record;
  if (record.malformed !== undefined) return 'malformed in the Kafka event';
  if (value === null) return 'no value';
  if (value.length === 0) return 'no bytes';
  if (validatedBy !== undefined)
    return `validated by the event source mapping, schema ${validatedBy.schemaId} (${validatedBy.dataFormat})`;
  const whole = rangeOf(value);
  const framed = unframe(whole, headers, wireFormat);
  const isFramed = framed?.kind === 'framed';
  const header = isFramed ? `${framed.format}, schema ${framed.schemaId}` : '';
  if (foreign !== undefined)
    return isFramed ? `${header}, looks like ${foreign.name}` : foreign.name;
  if (isFramed) return header;
  if (framed === null && isJson(whole, wireFormat)) return 'plain JSON';
  return framed === null
    ? `bare, first byte 0x${value.toString('hex', 0, 1)}`
    : 'no known wire format';
};
