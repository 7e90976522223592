import { unframe } from '../../functions/ingest/avro/wire-format.ts';
import type { Config } from '../../functions/ingest/config.ts';
import { IngestError } from '../../functions/ingest/errors.ts';
import { judge, type Reading, type Verdict } from '../../functions/ingest/judge.ts';
import { type Decoder, read, type SchemaId } from '../../functions/ingest/read.ts';
import { at, type KafkaRecord } from '../../functions/ingest/record.ts';
import { spanOf } from '../../functions/ingest/span.ts';
import type { UserEvent } from '../../functions/ingest/user-event.ts';

/** Records that have something in common. */
export interface Finding {
  count: number;
  /** Of the first, and what is said of it. */
  readonly example: string;
  readonly detail: string;
}

/** What records are, and would become. */
export interface Findings {
  readonly records: number;
  /** By wire format and schema. */
  readonly formats: ReadonlyMap<string, Finding>;
  /** By what they would become: a row, or why not. */
  readonly becomes: ReadonlyMap<string, Finding>;
  /** The first events that would be rows. */
  readonly samples: readonly { readonly record: string; readonly event: UserEvent }[];
}

const mostSamples = 2;

/**
 * Reads and judges records as the function would, and writes nothing. A partition's first record is judged as if nothing
 * came before it.
 * @param partitions the records of each partition, in offset order.
 * @param now milliseconds.
 */
export const inspect = async (
  partitions: readonly (readonly KafkaRecord[])[],
  decoder: Decoder,
  config: Config,
  now: number,
): Promise<Findings> => {
  const formats = new Map<string, Finding>();
  const becomes = new Map<string, Finding>();
  const samples: Findings['samples'][number][] = [];
  const failures = new Map<SchemaId, string>();
  let records = 0;
  for (const partition of partitions) {
    const readings: Reading[] = [];
    for (const record of partition) {
      records += 1;
      count(formats, formatOf(record, config), record, '');
      const result = await readFetching(record, decoder, failures);
      if (typeof result === 'string') count(becomes, 'waits for its schema', record, result);
      else readings.push(result);
    }
    for (const verdict of judge(readings, null, config, now)) {
      const { record } = verdict;
      const [kind, detail] = becomesOf(verdict);
      count(becomes, kind, record, detail);
      if (verdict.kind === 'on-time' && samples.length < mostSamples)
        samples.push({ record: at(record), event: verdict.event });
    }
  }
  return { records, formats, becomes, samples };
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

/** The reading, or why its schema cannot be fetched; a schema that could not be is not asked for again. */
const readFetching = async (
  record: KafkaRecord,
  decoder: Decoder,
  failures: Map<SchemaId, string>,
): Promise<Reading | string> => {
  const event = read(record, decoder);
  if (!('awaits' in event)) return { record, event };
  const failure = failures.get(event.awaits);
  if (failure !== undefined) return failure;
  try {
    await decoder.fetchSchema(event.awaits);
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    failures.set(event.awaits, error.message);
    return error.message;
  }
  return readFetching(record, decoder, failures);
};

const formatOf = (record: KafkaRecord, { wireFormat }: Config): string => {
  const { value, headers, validatedBy } = record;
  if (value === null) return 'no value';
  if (value.length === 0) return 'no bytes';
  if (validatedBy !== undefined)
    return `validated by the event source mapping, schema ${validatedBy.schemaId} (${validatedBy.dataFormat})`;
  const framed = unframe(spanOf(value), headers, wireFormat);
  if (framed === null) return `bare, first byte 0x${value.toString('hex', 0, 1)}`;
  if ('reason' in framed) return 'no wire format that is known';
  return `${framed.format}, schema ${framed.schemaId}`;
};

const becomesOf = (verdict: Verdict): [kind: string, detail: string] => {
  if (verdict.kind === 'rejected')
    return [`rejected: ${verdict.rejection.reason}`, verdict.rejection.detail];
  return verdict.future
    ? ['a row, of the future', 'its time makes no other event late']
    : ['a row', ''];
};
