import { patternOf } from './detail-pattern.ts';
import { nameOfRow, type RejectedSummary } from './row.ts';

/** Rejected records with one reason, and details that differ in numbers and names alone. Times are in milliseconds. */
export interface Group {
  readonly reason: string;
  /** The detail without what differs. */
  readonly detail: string;
  count: number;
  /** The first and the last time of rejection. */
  first: number;
  last: number;
  /** The partitions by topic. */
  readonly partitions: Map<string, Set<number>>;
  /** The record that was rejected last. */
  example: string;
}

/** The most groups that are told apart; details beyond them are counted together. */
const mostGroups = 5_000;
const otherDetails = '(other details)';

/** Groups rejected records by reason and detail, the largest group first. It takes the memory of the groups alone. */
export const groupRejected = async (
  rows: AsyncIterable<RejectedSummary> | Iterable<RejectedSummary>,
): Promise<Group[]> => {
  const groups = new Map<string, Group>();
  for await (const row of rows) {
    const pattern = patternOf(row.detail);
    const isKept = groups.size < mostGroups || groups.has(keyOf(row.reason, pattern));
    const group = groupOf(groups, row.reason, isKept ? pattern : otherDetails);
    const at = row.rejectedAt ?? 0;
    group.count += 1;
    group.first = Math.min(group.first, at);
    if (at >= group.last) group.example = nameOfRow(row);
    group.last = Math.max(group.last, at);
    const partitions = group.partitions.get(row.topic) ?? new Set();
    group.partitions.set(row.topic, partitions.add(row.partition));
  }
  return [...groups.values()].toSorted((one, other) => other.count - one.count);
};

const keyOf = (reason: string, detail: string): string => JSON.stringify([reason, detail]);

const groupOf = (groups: Map<string, Group>, reason: string, detail: string): Group => {
  const key = keyOf(reason, detail);
  const group = groups.get(key) ?? {
    reason,
    detail,
    count: 0,
    first: Number.POSITIVE_INFINITY,
    last: 0,
    partitions: new Map(),
    example: '',
  };
  groups.set(key, group);
  return group;
};

/** Writes partitions as ranges: `clicks/0-3,7`. */
export const partitionsText = (partitions: ReadonlyMap<string, ReadonlySet<number>>): string =>
  [...partitions].map(([topic, numbers]) => `${topic}/${rangesText([...numbers])}`).join(' ');

const rangesText = (numbers: number[]): string => {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers.toSorted((one, other) => one - other)) {
    const range = ranges.at(-1);
    if (range?.last === number - 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
};
