import type { Header } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { RecordPlace } from '../record/record-place.ts';

/** The headers by which a record on the topic says where it came from. Kafka’s own dead letter queues have the first three (KIP-1191). */
const names = {
  topic: '__dlq.errors.topic',
  partition: '__dlq.errors.partition',
  offset: '__dlq.errors.offset',
  tries: 'user-events.redrive.try',
  task: 'user-events.redrive.task',
} as const;

const ours: ReadonlySet<string> = new Set(Object.values(names));

/** Where a redriven record comes from, and which try it is. */
export interface Origin {
  readonly place: RecordPlace;
  readonly tries: number;
  readonly task: string;
}

/** Gives a record's headers, with those that say where it comes from in place of those of an earlier try. */
export const withOrigin = (
  headers: readonly Header[],
  { place, tries, task }: Origin,
): Header[] => {
  const header = (name: string, value: string | number | bigint): Header => ({
    name,
    value: Buffer.from(`${value}`),
  });
  return [
    ...headers.filter(({ name }) => !ours.has(name)),
    header(names.topic, place.topic),
    header(names.partition, place.partition),
    header(names.offset, place.offset),
    header(names.tries, tries),
    header(names.task, task),
  ];
};

/** Reads how many times a record was redriven; 0 where its headers do not say so. */
export const triesOf = (headers: readonly Header[]): number => {
  const value = headers.findLast(({ name }) => name === names.tries)?.value?.toString('latin1');
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : 0;
};
