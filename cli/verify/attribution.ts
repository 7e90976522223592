import { patternOf } from '../rejected/detail-pattern.ts';
import type { Finding } from './findings-file.ts';

/** The findings of one cause. */
export interface Cause {
  readonly kind: Finding['kind'];
  readonly why: string;
  /** The detail without what differs from record to record; empty for none. */
  readonly detail: string;
  count: number;
  readonly byPartition: Map<number, number>;
  /** By the hour of the records' timestamps, as `2026-11-29T12`. */
  readonly byHour: Map<string, number>;
  /** The places of the first few. */
  readonly examples: string[];
  /** The longest run of findings with one offset after the other. */
  longest: Run;
  /** The runs that may go on, by partition. */
  readonly running: Map<number, Run>;
}

interface Run {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

const mostExamples = 3;

/** The causes that are told apart. A detail that is not normalised well could have any number. */
const mostCauses = 1_000;

/** Finds out what findings have in common. It takes memory for their causes, partitions and hours, and not for each of them. */
export class Attribution {
  readonly #causes = new Map<string, Cause>();

  add({ kind, why, detail = '', partition, offset, timestamp }: Finding): void {
    const pattern = this.#causes.size < mostCauses ? patternOf(detail) : '';
    const cause = this.#cause(kind, why, pattern);
    cause.count += 1;
    increase(cause.byPartition, partition);
    increase(cause.byHour, hourOf(timestamp));
    if (cause.examples.length < mostExamples) cause.examples.push(`${partition}/${offset}`);
    const before = cause.running.get(partition);
    const run = {
      partition,
      first: before?.last === offset - 1 ? before.first : offset,
      last: offset,
    };
    cause.running.set(partition, run);
    if (lengthOf(run) > lengthOf(cause.longest)) cause.longest = run;
  }

  /** Lists the causes, the most frequent first. */
  causes(): Cause[] {
    return [...this.#causes.values()].toSorted((one, other) => other.count - one.count);
  }

  #cause(kind: Finding['kind'], why: string, detail: string): Cause {
    const key = JSON.stringify([kind, why, detail]);
    const known = this.#causes.get(key);
    if (known !== undefined) return known;
    const cause: Cause = {
      kind,
      why,
      detail,
      count: 0,
      byPartition: new Map(),
      byHour: new Map(),
      examples: [],
      longest: { partition: 0, first: 0, last: -1 },
      running: new Map(),
    };
    this.#causes.set(key, cause);
    return cause;
  }
}

export const lengthOf = ({ first, last }: Run): number => last - first + 1;

const increase = <Key>(counts: Map<Key, number>, key: Key): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);

const hourOf = (timestamp: number): string => {
  const time = new Date(timestamp);
  return timestamp < 0 || Number.isNaN(time.getTime())
    ? 'no time'
    : time.toISOString().slice(0, -11);
};
