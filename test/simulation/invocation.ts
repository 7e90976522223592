import type { Checkpoint } from '../../functions/ingest/pipeline/checkpoint.ts';
import type { Deadlines } from '../../functions/ingest/pipeline/deadlines.ts';
import type { PartitionResult } from '../../functions/ingest/pipeline/outcome.ts';
import { type CheckpointRow, isBeyondKept, mustBeExact, placesBefore } from './lineage.ts';
import type { Fate } from './oracle.ts';
import { asTime } from './stream.ts';
import type { World } from './world.ts';

/** One watched call of the function: checks its statements about the given records. */
export interface Invocation {
  readonly number: number;
  readonly deadlines: Deadlines;
  inFlight: number;
  /** Notes that a partition's records are judged now, from this row of partition_watermarks. */
  begins(partition: number, row: CheckpointRow | null): void;
  /** Compares a checkpoint with the tables when it is written; gives its row. */
  checked(partition: number, checkpoint: Checkpoint): CheckpointRow;
  /** Notes that the checkpoint is written and acknowledged. */
  stands(partition: number, nextOffset: number): void;
  /** Compares the outcomes that the function reports with the tables. */
  answers(results: readonly PartitionResult[]): void;
}

/** The records of one partition that an invocation is given. */
export interface GivenPart {
  readonly partition: number;
  readonly fates: readonly [Fate, ...Fate[]];
}

interface Part extends GivenPart {
  row: CheckpointRow | null;
  exact: boolean;
  foreign: number;
  /** The next offset as far as the function knows. */
  nextOffset: number;
}

export const createInvocation = (
  world: World,
  number: number,
  deadlines: Deadlines,
  given: readonly GivenPart[],
): Invocation => {
  const { oracle, tables, report, tell } = world;
  const parts = given.map(
    (part): Part => ({
      ...part,
      row: null,
      exact: false,
      foreign: Number.NEGATIVE_INFINITY,
      nextOffset: 0,
    }),
  );
  const partOf = (partition: number): Part => {
    const part = parts.find((one) => one.partition === partition);
    if (part === undefined) throw new Error(`events-${partition} is not in invocation ${number}`);
    return part;
  };

  return {
    number,
    deadlines,
    inFlight: 0,
    begins(partition, row) {
      const part = partOf(partition);
      const first = firstOf(part);
      const { generation, index } = first;
      part.row = row;
      part.exact = mustBeExact(row, first);
      if (!part.exact && row !== null)
        part.foreign =
          row.generation === generation
            ? row.foreign
            : (row.content.maxEventTime ?? Number.NEGATIVE_INFINITY);
      oracle.delivered(part.fates, part.exact, part.foreign);
      if (!part.exact) {
        world.counts.inexact += 1;
        if (isExactByDesign(world.plan) && !isBeyondKept(row, first))
          report(
            'wrong',
            `the true maximum before events-${partition}’s ${index}. record is not known any more`,
          );
      }
      tell(
        () =>
          `invocation ${number}: has read the checkpoint of events-${partition}: ${inWords(row?.content ?? null)}` +
          (part.exact ? '' : ' (the true maximum here cannot be known)'),
      );
    },
    checked(partition, checkpoint) {
      const part = partOf(partition);
      const { fates, row, exact, foreign } = part;
      const { nextOffset, maxEventTime } = checkpoint;
      const first = firstOf(part);
      const { generation } = first;
      const what = `the checkpoint of events-${partition} at ${nextOffset}`;
      const covered = fates.filter(({ stream }) => stream.record.offset < nextOffset);
      const last = covered.at(-1);
      if (last === undefined || last.stream.record.offset !== nextOffset - 1)
        report('wrong', `${what} is not behind a record of its batch`);
      for (const fate of covered)
        if (!tables.has(fate))
          report('wrong', `${what} passes ${fate.name}: ${tables.describe(fate)}`);
      const next = (last?.index ?? first.index - 1) + 1;
      // By rule `batch`, an event that the end of the batch makes late is not in the maximum before that end.
      const knows =
        exact &&
        (covered.length === fates.length || world.plan.settings.latenessRule === 'running');
      const { least, most } = oracle.trueMax(generation, partition, next);
      const max = maxEventTime ?? Number.NEGATIVE_INFINITY;
      if (max > Math.max(most, foreign) || (knows && max < least))
        report(
          'wrong',
          `${what} has the maximum ${asTime(maxEventTime)}, and the true one is ${asTime(Number.isFinite(most) ? most : null)}`,
        );
      return {
        content: checkpoint,
        generation,
        next,
        offset: nextOffset,
        exact: knows,
        earlier: placesBefore(row, first),
        foreign,
      };
    },
    stands(partition, nextOffset) {
      partOf(partition).nextOffset = nextOffset;
    },
    answers(results) {
      for (const { batch, outcomes } of results) {
        const { fates, nextOffset } = partOf(batch.partition);
        const failed = outcomes.findIndex(({ kind }) => kind === 'failed');
        const handled = failed === -1 ? fates : fates.slice(0, failed);
        if (outcomes.length !== fates.length)
          report(
            'wrong',
            `invocation ${number} has ${outcomes.length} outcomes for ${fates.length} records`,
          );
        for (const fate of handled)
          if (!tables.has(fate))
            report('wrong', `${fate.name} is said to be handled: ${tables.describe(fate)}`);
        const last = handled.at(-1);
        if (last !== undefined && nextOffset !== last.stream.record.offset + 1)
          report('wrong', `${last.name} is said to be handled, and no checkpoint covers it`);
      }
      tell(() => `invocation ${number}: ${results.map(said).join('; ')}`);
    },
  };
};

const firstOf = ({ fates: [{ generation, index, stream }] }: GivenPart) => ({
  generation,
  index,
  offset: stream.record.offset,
});

/** Recognises the schedules that must end with exactly the oracle's rows (oracle.ts says why). */
const isExactByDesign = ({ kind, settings }: World['plan']): boolean =>
  (kind === 'plain' || kind === 'recreated') &&
  settings.latenessRule === 'running' &&
  settings.writeTime === 'client' &&
  settings.skewMs === 0;

const said = ({ batch, outcomes }: PartitionResult): string =>
  `events-${batch.partition} ${outcomes
    .map((outcome, index) => {
      const { offset } = batch.records[index] as { offset: number };
      return `${offset} ${outcome.kind === 'rejected' ? outcome.reason : outcome.kind}`;
    })
    .join(', ')}`;

export const inWords = (checkpoint: Checkpoint | null): string =>
  checkpoint === null
    ? 'none'
    : `next ${checkpoint.nextOffset}, max ${asTime(checkpoint.maxEventTime)}` +
      (checkpoint.earlier.size === 0
        ? ''
        : `, earlier ${[...checkpoint.earlier].map(([offset, max]) => `${offset}: ${asTime(max)}`).join(', ')}`);
