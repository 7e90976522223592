import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type { CheckpointRow } from './lineage.ts';
import { type Fate, mayBeLate, mayBeOnTime } from './oracle.ts';
import type { Settings } from './plan.ts';

/** The three tables. A row keeps the later of two writes: by the clock of the sender, or by the order of arrival. */
export interface Tables {
  writeRow(fate: Fate, sent: Sent): void;
  writeRejected(fate: Fate, rejection: Rejection, sent: Sent): void;
  writeCheckpoint(partition: number, row: CheckpointRow, sent: Sent): void;
  checkpoint(partition: number): CheckpointRow | null;
  /** Tells whether a record is in a table where it may be. */
  has(fate: Fate): boolean;
  /** Notes that invocations of the partition overlap from now on: any of several events of one row may be written last. */
  overlap(partition: number): void;
  /** Describes for people the row where the record's event must be. */
  describe(fate: Fate): string;
}

/** The time when a write was sent. */
export interface Sent {
  /** The time by the sender's clock; no two writes have the same. */
  readonly time: number;
  /** The true order of sending. */
  readonly order: number;
}

interface Row<Content> {
  readonly content: Content;
  readonly sent: Sent;
  /** Whether the row kept the write that was truly sent first: it arrived last, or its sender's clock was ahead, or both. */
  readonly overtaken: boolean;
}

export const createTables = ({
  writeTime,
  eventIdInKey,
  lateEvents,
}: Pick<Settings, 'writeTime' | 'eventIdInKey' | 'lateEvents'>): Tables => {
  const rows = new Map<string, Row<Fate>>();
  const rejected = new Map<string, Row<{ readonly fate: Fate; readonly rejection: Rejection }>>();
  const checkpoints = new Map<number, Row<CheckpointRow>>();
  const overlapping = new Set<number>();

  const put = <Key, Content>(
    table: Map<Key, Row<Content>>,
    key: Key,
    content: Content,
    sent: Sent,
  ): void => {
    const there = table.get(key);
    const overtaken =
      there !== undefined &&
      (there.overtaken ||
        (writeTime === 'client'
          ? there.sent.time > sent.time !== there.sent.order > sent.order
          : there.sent.order > sent.order));
    const stays = writeTime === 'client' && there !== undefined && there.sent.time > sent.time;
    table.set(key, stays ? { ...there, overtaken } : { content, sent, overtaken });
  };

  const rowKey = ({ stream: { content } }: Fate): string => {
    if (content.kind !== 'event') throw new Error('a record without an event has no row');
    const { userId, eventTime, eventType, eventId } = content.event;
    return `${userId} ${eventTime} ${eventType} ${eventIdInKey ? eventId : ''}`;
  };
  /** Makes the key of a rejected row. It has no generation: rows of a re-created topic overwrite those of the deleted one. */
  const rejectedKey = ({ partition, stream: { record } }: Fate): string =>
    `${partition} ${Math.floor(record.timestamp / 86_400_000)} ${record.offset}`;

  /** Tells whether the stored event is the record's, or that of a later record which rightly overwrote it. */
  const stays = (row: Row<unknown>, there: Fate, fate: Fate): boolean =>
    row.overtaken ||
    overlapping.has(fate.partition) ||
    there.generation > fate.generation ||
    (there.generation === fate.generation && there.index >= fate.index);

  const hasRejected = (fate: Fate): boolean => {
    const row = rejected.get(rejectedKey(fate));
    return row !== undefined && stays(row, row.content.fate, fate);
  };
  const hasRow = (fate: Fate): boolean => {
    const row = rows.get(rowKey(fate));
    return row !== undefined && stays(row, row.content, fate);
  };

  return {
    writeRow: (fate, sent) => put(rows, rowKey(fate), fate, sent),
    writeRejected: (fate, rejection, sent) =>
      put(rejected, rejectedKey(fate), { fate, rejection }, sent),
    writeCheckpoint: (partition, row, sent) => put(checkpoints, partition, row, sent),
    checkpoint: (partition) => checkpoints.get(partition)?.content ?? null,
    has: (fate) =>
      hasRejected(fate) ||
      (mayBeOnTime(fate) && hasRow(fate)) ||
      (lateEvents === 'drop' && mayBeLate(fate)),
    overlap: (partition) => void overlapping.add(partition),
    describe(fate) {
      const row = fate.stream.content.kind === 'event' ? rows.get(rowKey(fate)) : undefined;
      const kept = rejected.get(rejectedKey(fate));
      const inRow = row === undefined ? 'no row' : `the row of ${row.content.name}`;
      const inRejected =
        kept === undefined
          ? 'none in rejected_events'
          : `${kept.content.fate.name} in rejected_events as ${kept.content.rejection.reason}`;
      return `there is ${inRow}, and ${inRejected}`;
    },
  };
};
