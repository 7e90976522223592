import type { Counts } from './counts.ts';
import type { PartitionRange, State } from './findings-file.ts';
import { ofKnown, toKnown } from './maximum.ts';
import { settle } from './settle.ts';
import { learnSchemas, type Standing, take } from './take.ts';
import type { Work } from './work.ts';

/** The milliseconds between two states in the file. */
const stateEvery = 1_000;

/**
 * The offset before which a range's records are judged; the others wait. The function has handled what lies below the checkpoint. What lies
 * beyond, and below the group's committed offset, comes no more: it was given up. Without a checkpoint the group may have begun at that offset.
 */
export const judgedEnd = ({
  start,
  end,
  checkpoint,
  committed = 0,
  logEnd,
}: PartitionRange): number =>
  checkpoint === null
    ? start
    : Math.max(start, Math.min(end, Math.max(checkpoint, committed), logEnd));

/**
 * Reads the ranges of a header, judges their records, and writes what is wrong. It goes on from a state, and leaves one behind when it is
 * broken off.
 * @param onProgress learns after each round how many offsets are done.
 */
export const verifyRanges = async (
  work: Work,
  state: State | null,
  onProgress: (done: number) => void,
): Promise<void> => {
  const { header, topic, writer } = work;
  const standings = new Map<number, Standing>(
    header.partitions.map((range) => [
      range.partition,
      { next: range.leadIn, maximum: ofKnown(range.maximum) },
    ]),
  );
  for (const { partition, next, maximum } of state?.partitions ?? [])
    standings.set(partition, { next, maximum: ofKnown(maximum) });
  const ranges = new Map(header.partitions.map((range) => [range.partition, range]));
  if (state === null) countWaiting(work);

  let unwritten: State | null = null;
  let writtenAt = performance.now();
  let done = 0;
  const writeState = async (): Promise<void> => {
    if (unwritten !== null) await writer.write([unwritten]);
    unwritten = null;
    writtenAt = performance.now();
  };
  try {
    for await (const rounds of topic.read(
      new Map([...standings].map(([partition, { next }]) => [partition, next])),
      new Map(header.partitions.map((range) => [range.partition, judgedEnd(range)])),
    )) {
      await learnSchemas(work, rounds);
      const taken = rounds.map((round) => {
        const range = ranges.get(round.partition) as PartitionRange;
        return take(work, range, standings.get(round.partition) as Standing, round);
      });
      const judged = (await Promise.all(taken.map(({ items }) => work.judge(items)))).flat();
      const lines = settle(
        work,
        judged,
        taken.flatMap(({ events }) => events),
      );
      for (const { counted } of taken) counted();
      await writer.write(lines);
      unwritten = stateOf(standings, work.counts);
      if (performance.now() - writtenAt >= stateEvery) await writeState();
      done += rounds.reduce((sum, { records }) => sum + records.length, 0);
      onProgress(done);
    }
  } finally {
    await writeState();
  }
};

const stateOf = (standings: ReadonlyMap<number, Standing>, counts: Counts): State => ({
  type: 'state',
  at: new Date().toISOString(),
  partitions: [...standings].map(([partition, { next, maximum }]) => ({
    partition,
    next,
    maximum: toKnown(maximum),
  })),
  counts: counts.toJSON(),
});

const countWaiting = ({ header, counts }: Work): void => {
  for (const range of header.partitions)
    counts.add('waiting', Math.max(0, Math.min(range.end, range.logEnd) - judgedEnd(range)));
};
