import { watermarkOf } from '../../functions/ingest/pipeline/watermark.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import { formOf } from '../operate/operation.ts';
import { printListing } from '../output/listing.ts';
import type { Output } from '../output/output.ts';
import { count } from '../terminal/words.ts';
import type { Look } from './look.ts';
import type { Left, Move } from './plan.ts';

/** Prints what a replay would do, by partition, and what it means. */
export const showPlan = async (
  output: Output,
  { moves, left }: Pick<Look, 'moves' | 'left'>,
  settings: Pick<Settings, 'outOfOrdernessMs' | 'latenessRule'>,
  options: Parameters<typeof formOf>[0],
): Promise<void> => {
  const form = formOf(options);
  await printListing(
    output,
    moves.map((move) => ({
      partition: move.partition,
      from: move.from,
      'group at': move.to,
      records: move.records,
      watermark:
        move.maxEventTime === null
          ? null
          : new Date(watermarkOf(move.maxEventTime, settings.outOfOrdernessMs)),
      verdicts: verdictsOf(move),
    })),
    {
      form,
      columns: ['partition', 'from', 'group at', 'records', 'watermark', 'verdicts'],
    },
  );
  const say = form === 'table' ? output.print : output.tell;
  for (const line of sentences(moves, left, settings)) say(line);
};

/** Says how the verdicts of a replay are to those of the first time. */
const verdictsOf = ({ maxEventTime, isExact }: Move): string =>
  maxEventTime === null ? 'nothing late at first' : isExact ? 'as before' : 'as before, or milder';

/** Makes the sentences that say what a replay means. */
export const sentences = (
  moves: readonly Move[],
  left: readonly Left[],
  { latenessRule }: Pick<Settings, 'latenessRule'>,
): string[] => {
  const unknown = moves.filter(({ maxEventTime }) => maxEventTime === null).length;
  const earlier = moves.filter((move) => verdictsOf(move) === 'as before, or milder').length;
  const gone = moves.filter((move) => move.gone > 0n);
  const named = (why: Left['why']): string =>
    left
      .filter((one) => one.why === why)
      .map(({ partition }) => partition)
      .join(', ');
  const lines = [
    moves.length > 0 &&
      `At most ${count(Number(sumOf(moves)), 'record')} in ${count(moves.length, 'partition')} will be delivered again, and what became of ` +
        'them is written again: each write is an upsert.',
    unknown > 0 &&
      `In ${count(unknown, 'partition')} no checkpoint so early is kept: nothing is late there until a record has raised the maximum, so that ` +
        'events that were late may become rows. Their rows in rejected_events stay.',
    earlier > 0 &&
      `In ${count(earlier, 'partition')} the watermark is that of an earlier checkpoint: fewer events may be late than the first time, and no others.`,
    moves.length > 0 &&
      latenessRule === 'batch' &&
      'With LATENESS_RULE batch the verdicts also depend on how the records are cut into batches this time.',
    gone.length > 0 &&
      `No longer on the topic: ${gone.map((one) => `${count(Number(one.gone), 'offset')} before ${one.from} of partition ${one.partition}`).join('; ')}.`,
    named('behind') !== '' &&
      `Left as they are, for the group is there or before: partitions ${named('behind')}.`,
    named('uncommitted') !== '' &&
      `Left as they are, for the group has committed nothing: partitions ${named('uncommitted')}.`,
  ];
  return lines.filter((line) => line !== false);
};

/** Sums the records of moves. */
const sumOf = (moves: readonly Move[]): bigint =>
  moves.reduce((sum, { records }) => sum + records, 0n);
