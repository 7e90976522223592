import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';

/** The milliseconds of units that are sometimes used for timestamps by mistake. */
const units: readonly (readonly [name: string, milliseconds: number])[] = [
  ['seconds', 1e3],
  ['microseconds', 1e-3],
  ['nanoseconds', 1e-6],
];
const plausible = [Date.UTC(2000, 0), Date.UTC(2100, 0)] as const;

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
    return 'are missing: events are measured against the clock alone, as of the future or not.';
  if (timestamp === 0) return `are 0, so that every event is of the future. ${advice}`;
  if (isPlausible(timestamp)) return null;
  const unit = units.find(([, milliseconds]) => isPlausible(timestamp * milliseconds));
  return unit === undefined
    ? `lie outside the years 2000 to 2099. ${advice}`
    : `look like ${unit[0]}. ${advice}`;
};

const isPlausible = (time: number): boolean => time >= plausible[0] && time < plausible[1];
