import {
  type ForeignFormat,
  foreignFormat,
  foreignHeader,
} from '../../functions/ingest/avro/framing/foreign-format.ts';
import { isJson, unframe } from '../../functions/ingest/avro/framing/wire-format.ts';
import { rangeOf } from '../../functions/ingest/bytes/byte-range.ts';
import type { Reason } from '../../functions/ingest/event/rejection.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import { type Decoder, decode, type SchemaId } from '../../functions/ingest/pipeline/decoder.ts';
import { Delivery } from '../../functions/ingest/pipeline/delivery.ts';
import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import { judge } from '../../functions/ingest/pipeline/judge.ts';
import { at, type KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import { settingWarnings } from '../../functions/ingest/settings/warnings.ts';
import { lacksFrom } from './older-layout.ts';
import { timestampNotes } from './timestamps.ts';

/** A group of records with a common property. */
export interface Finding {
  count: number;
  /** The first record of the group, and its details. */
  readonly example: string;
  readonly detail: string;
}

/** The properties of the records, and the results that the function would give them. */
export interface Findings {
  readonly records: number;
  /** Groups by wire format and schema. */
  readonly formats: ReadonlyMap<string, Finding>;
  /** Groups by result: a row, or the reason for none. */
  readonly becomes: ReadonlyMap<string, Finding>;
  /** Sentences about things to check before a deploy, the most urgent first. */
  readonly notes: readonly string[];
  /** The first events that would be rows. */
  readonly samples: readonly { readonly record: string; readonly event: UserEvent }[];
}

const mostSamples = 2;

/**
 * Reads and judges records as the function would, and writes nothing. The first record of a partition is judged without a
 * watermark.
 * @param partitions the records of each partition, in offset order.
 * @param now milliseconds.
 */
export const inspect = async (
  partitions: readonly (readonly KafkaRecord[])[],
  decoder: Decoder,
  config: Settings,
  now: number,
): Promise<Findings> => {
  const formats = new Map<string, Finding>();
  const becomes = new Map<string, Finding>();
  const samples: Findings['samples'][number][] = [];
  const foreigns = new Map<string, Finding>();
  const olderLayouts = new Map<string, Finding>();
  const failures = new Map<SchemaId, string>();
  let records = 0;
  for (const partition of partitions) {
    const deliveries: Delivery[] = [];
    for (const record of partition) {
      records += 1;
      const result = await decodeFetching(record, decoder, failures);
      const rejection = typeof result === 'string' ? null : result.rejection;
      const foreign = rejection === null ? undefined : foreignOf(record, rejection.reason, config);
      if (foreign !== undefined) count(foreigns, foreign.name, record, foreign.advice);
      const lacking = rejection === null ? null : lackingOf(record, rejection.reason, config);
      if (lacking !== null) count(olderLayouts, lacking, record, '');
      count(formats, formatOf(record, foreign, config), record, '');
      if (typeof result === 'string') count(becomes, 'waits for its schema', record, result);
      else deliveries.push(result);
    }
    judge(deliveries, null, config, now);
    for (const delivery of deliveries) {
      const { record, event, rejection } = delivery;
      const [kind, detail] = becomesOf(delivery);
      count(becomes, kind, record, detail);
      if (event !== null && rejection === null && samples.length < mostSamples)
        samples.push({ record: at(record), event });
    }
  }
  const notes = [
    ...[...foreigns].map(
      ([name, { count: values, detail }]) => `${name}, ${values} of ${records} values: ${detail}.`,
    ),
    ...[...olderLayouts].map(
      ([field, { count: values }]) =>
        `${values} of ${records} values end where field ${field} would begin: their producer does not know the field yet. List the schema without the ` +
        'field under "bare" in schema/writer-schemas.json to read them.',
    ),
    ...timestampNotes(partitions.flat()),
    ...futureNotes(becomes, config),
    ...settingWarnings(config).map(({ text }) => text),
  ];
  return { records, formats, becomes, notes, samples };
};

const count = (
  findings: Map<string, Finding>,
  kind: string,
  record: KafkaRecord,
  detail: string,
): void => {
  const known = findings.get(kind);
  if (known === undefined) findings.set(kind, { count: 1, example: at(record), detail });
  else known.count += 1;
};

/** Decodes a record. Returns a sentence where its schema cannot be fetched; a failed schema is not requested again. */
const decodeFetching = async (
  record: KafkaRecord,
  decoder: Decoder,
  failures: Map<SchemaId, string>,
): Promise<Delivery | string> => {
  const result = decode(record, decoder);
  if (result.kind !== 'missing-schema') return new Delivery(record, result);
  const failure = failures.get(result.id);
  if (failure !== undefined) return failure;
  try {
    await decoder.fetchSchema(result.id);
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    failures.set(result.id, error.message);
    return error.message;
  }
  return decodeFetching(record, decoder, failures);
};

/** Finds the known format that a rejected value looks like, as its rejection's detail names it. */
const foreignOf = (
  { value, headers, validatedBy }: KafkaRecord,
  reason: Reason,
  { wireFormat }: Settings,
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

/** Finds the first of the schema's last fields that a bare value lacks, where the value is rejected for the missing fields. */
const lackingOf = (
  { value, headers, validatedBy }: KafkaRecord,
  reason: Reason,
  { wireFormat }: Settings,
): string | null => {
  if (value === null || reason !== 'undecodable' || validatedBy !== undefined) return null;
  return unframe(rangeOf(value), headers, wireFormat) === null ? lacksFrom(value) : null;
};

const formatOf = (
  record: KafkaRecord,
  foreign: ForeignFormat | undefined,
  { wireFormat }: Settings,
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

const written = 'a row';
const ofFuture = 'a row, in the future';

/** Describes the effect of events that are ahead of their records' timestamps. */
const futureNotes = (
  becomes: ReadonlyMap<string, Finding>,
  { maxFutureMs }: Settings,
): readonly string[] => {
  const future = becomes.get(ofFuture)?.count ?? 0;
  if (future === 0) return [];
  const others = becomes.get(written)?.count ?? 0;
  return [
    `${future} of ${future + others} events on time are more than ${maxFutureMs / 1000} s (MAX_FUTURE_SECONDS) ahead of their record’s ` +
      `timestamp: their times do not move the maximum, ${others === 0 ? 'so nothing is late.' : 'and make no other event late.'}`,
  ];
};

const becomesOf = ({ rejection, future }: Delivery): [kind: string, detail: string] => {
  if (rejection !== null) return [`rejected: ${rejection.reason}`, rejection.detail];
  return future ? [ofFuture, 'its time makes no other event late'] : [written, ''];
};
