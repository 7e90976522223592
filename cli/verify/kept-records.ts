import type { Context } from '../operate/context.ts';
import { isProblem } from '../redrive/candidate.ts';
import { openSource } from '../redrive/sources/open-source.ts';
import { failedPlaceOf } from '../redrive/sources/place-of-failed.ts';
import type { Target } from '../target/target.ts';
import { count } from '../terminal/words.ts';

/** The records that the on-failure destination has. */
export interface KeptRecords {
  readonly has: (partition: number, offset: number) => boolean;
  /** A sentence about what of the destination could not be read; null where all could. */
  readonly unread: string | null;
}

/** The records of a destination into which nobody has looked. */
export const nothingKept: KeptRecords = { has: () => false, unread: null };

/** A range of offsets; the end is left out. */
type Range = readonly [first: number, end: number];

/**
 * Finds the records of a topic that the on-failure destination has. It takes memory for the ranges of their offsets.
 * @param given the place, or true for the one of the pipeline's stack.
 * @throws {UserFacingError} where it cannot be read.
 */
export const readKept = async (
  context: Pick<Context, 'output' | 'signal'>,
  target: Target,
  topic: string,
  given: string | true,
): Promise<KeptRecords> => {
  const place = failedPlaceOf(given, target, '--on-failure');
  await using source = await openSource(context, target, { source: place, remove: false }, false);
  const offsets = new Map<number, number[]>();
  let unreadable = 0;
  for await (const candidate of source.candidates(context.signal)) {
    const { place: of, found } = candidate;
    if (isProblem(found) && found.outcome === 'unreadable') unreadable += 1;
    else if (of?.topic === topic) {
      const own = offsets.get(of.partition) ?? [];
      own.push(Number(of.offset));
      offsets.set(of.partition, own);
    }
    candidate.settle?.(false);
  }
  await source.end();
  const ranges = new Map(
    [...offsets].map(([partition, own]) => [partition, rangesOf(own)] as const),
  );
  const unread = [
    ...(unreadable > 0 ? [`${count(unreadable, 'object')} of it could not be read`] : []),
    ...source.unread,
  ];
  return {
    has: (partition, offset) => isWithin(ranges.get(partition) ?? [], offset),
    unread:
      unread.length === 0
        ? null
        : `The on-failure destination was not read to its end, so that what is missing may be kept there: ${unread.join('; ')}.`,
  };
};

/** Puts offsets together into ranges, in order. */
const rangesOf = (offsets: readonly number[]): Range[] => {
  const ranges: [number, number][] = [];
  for (const offset of offsets.toSorted((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last === undefined || offset > last[1]) ranges.push([offset, offset + 1]);
    else last[1] = Math.max(last[1], offset + 1);
  }
  return ranges;
};

/** Tells whether one of the ranges, which are in order, has an offset. */
const isWithin = (ranges: readonly Range[], offset: number): boolean => {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle] as Range)[1] <= offset) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found !== undefined && found[0] <= offset;
};
