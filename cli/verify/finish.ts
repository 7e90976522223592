import type { Context, ExitCode } from '../operate/context.ts';
import { exitCodes } from '../operate/context.ts';
import type { Attribution } from './attribution.ts';
import type { Counts } from './counts.ts';
import type { Header } from './findings-file.ts';
import { notesOf, printSummary, printSummaryJson } from './summary.ts';
import type { Work } from './work.ts';

interface FinishOptions {
  readonly attribution: Attribution;
  readonly json: boolean;
  /** The file that has the findings; undefined for none. */
  readonly file: string | undefined;
  /** The on-failure destination that the stage has and nobody has looked into; null for none. */
  readonly unseenDestination: string | null;
}

/** Writes the last line of a findings file, and prints what a verification has come to. @returns the exit code. */
export const finish = async (
  { output }: Pick<Context, 'output'>,
  work: Work,
  { attribution, json, file, unseenDestination }: FinishOptions,
): Promise<ExitCode> => {
  const { header, counts, writer, kept } = work;
  const exitCode = exitCodeOf(header, counts);
  await writer.write([
    { type: 'end', at: new Date().toISOString(), exitCode, counts: counts.toJSON() },
  ]);
  const notes = notesOf(header, counts, attribution);
  if (kept.unread !== null) notes.push(kept.unread);
  if (unseenDestination !== null && counts.of('missing') > 0)
    notes.push(
      `What is missing may be kept in the on-failure destination ${unseenDestination}: look there too by --on-failure.`,
    );
  const result = { header, counts, attribution, notes };
  if (json) printSummaryJson(output, result);
  else printSummary(output, result);
  if (file !== undefined && foundIn(work) > 0)
    output.tell(
      `The findings are in ${file}. Look at them again by \`verify --again ${file}\`; mend them by \`redrive --from-file ${file}\`.`,
    );
  return exitCode;
};

/** Counts the findings so far. */
export const foundIn = ({ counts, open }: Pick<Work, 'counts' | 'open'>): number =>
  counts.of('missing') +
  counts.of('different') +
  counts.of('kept') +
  counts.of('cannot tell') +
  open.size;

/** Tells how a verification ends. What is wrong for sure says more than what could not be looked at. */
const exitCodeOf = ({ from, partitions, again }: Header, counts: Counts): ExitCode => {
  if (counts.of('missing') + counts.of('different') > 0) return exitCodes.differs;
  const isCutOff =
    from !== null &&
    again === undefined &&
    partitions.some(({ begin, start }) => begin > 0 && start === begin);
  return isCutOff || counts.of('unread') > 0 || counts.of('not looked at') > 0
    ? exitCodes.incomplete
    : exitCodes.fine;
};
