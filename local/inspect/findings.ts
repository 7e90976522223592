import { decodeFetching } from '../../cli/record/decode-fetching.ts';
import { foreignOf, wireFormatOf } from '../../cli/record/wire-format-of.ts';
import { unframe } from '../../functions/ingest/avro/framing/wire-format.ts';
import { rangeOf } from '../../functions/ingest/bytes/byte-range.ts';
import type { Reason } from '../../functions/ingest/event/rejection.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import type { Decoder, SchemaId } from '../../functions/ingest/pipeline/decoder.ts';
import type { Delivery } from '../../functions/ingest/pipeline/delivery.ts';
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
      count(formats, wireFormatOf(record, foreign, config), record, '');
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

/** Finds the first of the schema's last fields that a bare value lacks, where the value is rejected for the missing fields. */
const lackingOf = (
  { value, headers, validatedBy }: KafkaRecord,
  reason: Reason,
  { wireFormat }: Settings,
): string | null => {
  if (value === null || reason !== 'undecodable' || validatedBy !== undefined) return null;
  return unframe(rangeOf(value), headers, wireFormat) === null ? lacksFrom(value) : null;
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
