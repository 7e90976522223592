import { patternOf } from './detail-pattern.ts';
import type { RejectedSummary } from './row.ts';

/** The rejected records that are meant. What is left out leaves all. Times are in milliseconds. */
export interface RejectedFilter {
  readonly topic?: string | undefined;
  readonly partitions?: readonly number[] | undefined;
  /** The first and the last offset. */
  readonly offsets?: { readonly from?: bigint; readonly to?: bigint } | undefined;
  readonly reasons?: readonly string[] | undefined;
  /** A part of the detail, or of the detail as groups show it. */
  readonly detail?: string | undefined;
  /** The first and the last time of rejection. A record that was delivered again was rejected again. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Tells whether a row is meant. */
export const isMeant = (
  row: RejectedSummary,
  { topic, partitions, offsets, reasons, detail, since, until }: RejectedFilter,
): boolean =>
  (topic === undefined || row.topic === topic) &&
  (partitions === undefined || partitions.includes(row.partition)) &&
  (offsets?.from === undefined || row.offset >= offsets.from) &&
  (offsets?.to === undefined || row.offset <= offsets.to) &&
  (reasons === undefined || reasons.includes(row.reason)) &&
  (since === undefined || (row.rejectedAt ?? 0) >= since) &&
  (until === undefined || (row.rejectedAt ?? 0) <= until) &&
  (detail === undefined || row.detail.includes(detail) || patternOf(row.detail).includes(detail));
