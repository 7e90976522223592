import { isPlausible, unitOf } from '../../functions/ingest/event/time-range.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';

const advice =
  'Kafka counts milliseconds: the producer must set those, or leave the timestamp out.';

/**
 * Describes odd timestamps of records, in one sentence for each kind that occurs. The future limit (MAX_FUTURE_SECONDS) compares
 * an event's time with its record's timestamp, so that a wrong timestamp makes the limit wrong.
 */
export const timestampNotes = (records: readonly KafkaRecord[]): string[] => {
  const counts = new Map<string, number>();
  for (const { timestamp } of records) {
    const kind = kindOf(timestamp);
    if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(
    ([kind, count]) => `${count} of ${records.length} record timestamps ${kind}`,
  );
};

const kindOf = (timestamp: number): string | null => {
  if (timestamp === -1)
    return 'are missing: the clock alone decides which events are in the future.';
  if (timestamp === 0) return `are 0, so that every event is in the future. ${advice}`;
  if (isPlausible(timestamp)) return null;
  const other = unitOf(timestamp);
  return other === undefined
    ? `lie outside the years 2000 to 2099. ${advice}`
    : `look like ${other.unit}. ${advice}`;
};
