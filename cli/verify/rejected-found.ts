import type { Header, KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { RejectedRow } from '../rejected/row.ts';
import type { RejectedFound } from './decide.ts';

/** The years that every driver reads: the row of a record with another timestamp has none. */
const [earliest, latest] = [
  Date.parse('0001-01-01T00:00:00Z'),
  Date.parse('9999-12-31T23:59:59.999Z'),
];

/** Compares a row of `rejected_events` with its record. */
export const rejectedFound = (row: RejectedRow, record: KafkaRecord): RejectedFound => {
  const { timestamp } = record;
  const isReadable = timestamp >= earliest && timestamp <= latest;
  const differing = [
    !isSame(row.key, record.key) && 'key',
    !isValue(row.value, record.value) && 'value',
    !areSame(row.headers, record.headers) && 'headers',
    row.recordTimestamp !== (isReadable ? timestamp : null) && 'record_timestamp',
  ];
  return {
    reason: row.reason,
    eventTime: row.eventTime,
    watermark: row.watermark,
    differing: differing.filter((name) => name !== false),
  };
};

const isSame = (one: Buffer | null, other: Buffer | null): boolean =>
  one === null || other === null ? one === other : one.equals(other);

const areSame = (one: readonly Header[], other: readonly Header[]): boolean =>
  one.length === other.length &&
  one.every(
    ({ name, value }, index) =>
      name === other[index]?.name && isSame(value, other[index]?.value ?? null),
  );

/** The lengths of registries' headers: an id of four bytes, a uuid, and Glue's. */
const headerLengths = [5, 17, 18];
const openingBrace = 0x7b;

/**
 * Tells whether a kept value is that of the record. An event source mapping with a schema registry takes the registry's header from a
 * value, or turns it into JSON, before the function gets it.
 */
const isValue = (kept: Buffer | null, value: Buffer | null): boolean => {
  if (isSame(kept, value)) return true;
  if (kept === null || value === null || (value[0] ?? openingBrace) > 3) return false;
  const isRest = headerLengths.some(
    (length) => value.length === kept.length + length && value.subarray(length).equals(kept),
  );
  return isRest || kept[0] === openingBrace;
};
