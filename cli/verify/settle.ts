import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { incompleteWhys, whys } from './decide.ts';
import type { Finding, Line } from './findings-file.ts';
import type { Judged } from './judge.ts';
import { latenessOf, toKnown } from './maximum.ts';
import type { Explained, Explaining } from './open-records.ts';
import type { ReadEvent } from './rules/expected.ts';
import { digest, type RowShape } from './rules/row.ts';
import type { TakenEvent } from './take.ts';
import type { Work } from './work.ts';

/**
 * Counts the judged records of a round, and lists the lines about them.
 * @param events all events of the round.
 */
export const settle = (
  work: Work,
  judged: readonly Judged[],
  events: readonly TakenEvent[],
): Line[] => {
  const { open, counts } = work;
  const lines: Line[] = [];
  const isTakenOver = takenOver(work, judged, events);
  for (const one of judged) {
    if (isTakenOver(one)) {
      counts.add('superseded');
      continue;
    }
    const line = countJudged(work, one);
    if (line === null) continue;
    lines.push(line);
    if (line.type === 'finding') countFinding(work, line);
    else open.add(line);
  }
  if (open.size > 0)
    for (const taken of events)
      lines.push(...explain(work, taken.record, taken.event, () => isRowless(work, taken)));
  return lines;
};

/**
 * Finds the records without a row whose key a later event of their partition has: that one is missing, and these have given way to it.
 */
const takenOver = (
  work: Pick<Work, 'shape' | 'header' | 'kept'>,
  judged: readonly Judged[],
  events: readonly TakenEvent[],
): ((judged: Judged) => boolean) => {
  const isWithoutRow = ({ verdict }: Judged): boolean =>
    'why' in verdict && (verdict.why === whys.noRow || verdict.why === whys.neither);
  if (!judged.some(isWithoutRow)) return () => false;
  const keyOf = (partition: number, event: ReadEvent): string =>
    `${partition} ${work.shape.key(event)}`;
  const last = new Map<string, number>();
  for (const taken of events)
    if (!isRowless(work, taken))
      last.set(keyOf(taken.record.partition, taken.event), taken.record.offset);
  return (one) => {
    const { record, reading } = one.item;
    return (
      isWithoutRow(one) &&
      reading.kind === 'event' &&
      (last.get(keyOf(record.partition, reading.event)) ?? 0) > record.offset
    );
  };
};

/** Tells whether an event certainly has no row: it is late, or in the on-failure destination. */
const isRowless = (
  { header, kept }: Pick<Work, 'header' | 'kept'>,
  { record: { partition, offset }, event, maximum }: TakenEvent,
): boolean =>
  kept.has(partition, offset) || latenessOf(maximum, event.event_time, header.settings) === 'late';

/** Offers an event to the open records. @returns the lines about those that it explains. */
export const explain = (
  work: Work,
  record: KafkaRecord,
  event: ReadEvent,
  isWithoutRow: () => boolean,
): Line[] =>
  work.open.offer(explainingOf(work.shape, record, event, isWithoutRow)).flatMap((explained) => {
    const other = countExplained(work, explained);
    if (other !== null) countFinding(work, other);
    return [settledLine(explained), ...(other === null ? [] : [other])];
  });

const settledLine = ({ open: { finding } }: Explained): Line => ({
  type: 'settled',
  partition: finding.partition,
  offset: finding.offset,
});

const explainingOf = (
  shape: RowShape,
  { partition, offset }: KafkaRecord,
  event: ReadEvent,
  isWithoutRow: () => boolean,
): Explaining => ({
  partition,
  offset,
  key: digest(shape.key(event)),
  get values() {
    return shape.digest(event);
  },
  get isRowless() {
    return isWithoutRow();
  },
});

/** The most open records at once. More would take too much memory. */
const mostOpen = 200_000;

/** Counts a judged record. @returns the line about it; null where it is as it must be. */
const countJudged = (
  { counts, open }: Work,
  { item: { record, maximum }, verdict, digests }: Judged,
): Extract<Line, { type: 'finding' | 'open' }> | null => {
  const { partition, offset, timestamp } = record;
  const findingOf = ({
    as,
    why,
    detail,
  }: {
    as: Finding['kind'];
    why: string;
    detail?: string;
  }): Finding => ({
    type: 'finding',
    partition,
    offset,
    timestamp,
    kind: as,
    why,
    ...(detail !== undefined && { detail }),
    maximum: toKnown(maximum),
  });
  switch (verdict.as) {
    case 'matched':
      counts.add('matched');
      counts.add('on trust', verdict.onTrust ? 1 : 0);
      return null;
    case 'rejected':
      counts.add(`rejected ${verdict.reason}`);
      counts.add('on trust', verdict.onTrust ? 1 : 0);
      return null;
    case 'expired':
      counts.add('expired');
      return null;
    case 'open':
      if (digests === null) throw new Error('an open record has a row');
      if (open.size >= mostOpen) return findingOf({ as: 'cannot tell', why: whys.tooManyOpen });
      return {
        type: 'open',
        finding: findingOf(verdict.unless),
        ...digests,
        otherwise: verdict.otherwise,
      };
    default:
      return findingOf(verdict);
  }
};

export const countFinding = ({ counts, onFinding }: Work, finding: Finding): void => {
  counts.add(finding.kind);
  if (incompleteWhys.has(finding.why)) counts.add('not looked at');
  onFinding(finding);
};

/** Counts an open record that another one explains. @returns the finding that is left; null for none. */
const countExplained = ({ counts }: Work, { open, byLater }: Explained): Finding | null => {
  switch (open.otherwise) {
    case 'superseded':
      counts.add('superseded');
      counts.add('superseded otherwise', byLater ? 0 : 1);
      return null;
    case 'late':
      counts.add('rejected late');
      return null;
    case 'lower maximum':
      return { ...open.finding, kind: 'cannot tell', why: whys.lowerMaximum };
  }
};
