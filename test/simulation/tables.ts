import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type { CheckpointRow } from './lineage.ts';
import { type Fate, mayBeLate, mayBeOnTime } from './oracle.ts';
import type { Settings } from './plan.ts';

/** The three tables. Of two writes of a row the later one stays: by the clock of who sent it, or in the order of their arrival. */
export interface Tables {
  writeRow(fate: Fate, sent: Sent): void;
  writeRejected(fate: Fate, rejection: Rejection, sent: Sent): void;
  writeCheckpoint(partition: number, row: CheckpointRow, sent: Sent): void;
  checkpoint(partition: number): CheckpointRow | null;
  /** Whether a record is in a place where it may be. */
  has(fate: Fate): boolean;
  /** From now on invocations of the partition overlap: of events of one row any may be the last written. */
  overlap(partition: number): void;
  /** What is where the record's event must be, for people. */
  describe(fate: Fate): string;
}

/** When a write was sent. */
export interface Sent {
  /** By the sender's clock: no two writes have the same. */
  readonly time: number;
  /** In truth. */
  readonly order: number;
}

interface Row<Content> {
  readonly content: Content;
  readonly sent: Sent;
  /** Of two writes the one that was sent first in truth has stayed: it arrived last, or its sender's clock was ahead, or both. */
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
  /** Not of a topic alone: the rejected rows of one that was made anew take the place of the former's. */
  const rejectedKey = ({ partition, stream: { record } }: Fate): string =>
    `${partition} ${Math.floor(record.timestamp / 86_400_000)} ${record.offset}`;

  /** Whether what is there is the record, or took its place rightly: a later record, where they are written in order. */
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
