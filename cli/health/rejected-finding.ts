import { number } from '../terminal/words.ts';
import type { CommandLine, Finding } from './finding.ts';
import type { Limits } from './limits.ts';

/** Numbers of records by reason. */
type ByReason = Readonly<Record<string, number>>;

/** What was rejected in the last hour. */
export interface RejectedCounts {
  readonly all: ByReason;
  /** Those of them whose Kafka timestamp is of that hour too: a backlog’s are not. */
  readonly ofHour: ByReason;
  /** The records that the topics got in that hour; null where Kafka was not asked. */
  readonly produced: number | null;
  /** True where a part of the table could not be read. */
  readonly isIncomplete: boolean;
}

/** Judges what was rejected in the last hour, by the share of the records that came in that hour. */
export const rejectedFinding = (
  { all, ofHour, produced, isIncomplete }: RejectedCounts,
  { rejectedPercent, latePercent }: Limits,
  command: CommandLine,
): Finding => {
  const found = (state: Finding['state'], says: string): Finding => ({
    about: 'rejected',
    state,
    says,
    next: command('rejected', '--since', '1h'),
  });
  const reasons = Object.entries(all)
    .toSorted(([, one], [, other]) => other - one)
    .map(([reason, times]) => `${number(times)} ${reason}`)
    .join(', ');
  if (isIncomplete)
    return found(
      'unknown',
      `A part of rejected_events could not be read. In the rest, of the last hour: ${reasons || 'nothing'}.`,
    );
  if (reasons === '')
    return { ...found('fine', 'Nothing was rejected in the last hour.'), next: null };
  const ofAll = produced === null ? '' : `, in which ${number(produced)} records came`;
  const says = `Rejected in the last hour${ofAll}: ${reasons}.`;
  const { late = 0, ...broken } = ofHour;
  const brokenRecords = Object.values(broken).reduce((sum, one) => sum + one, 0);
  const isOver = (part: number, percent: number): boolean =>
    produced !== null && part * 100 > percent * Math.max(produced, part);
  if (isOver(brokenRecords, rejectedPercent))
    return found('wrong', `${says} More than ${rejectedPercent} % of the hour’s are broken.`);
  if (isOver(late, latePercent))
    return found('wrong', `${says} More than ${latePercent} % of the hour’s are late.`);
  return found('fine', says);
};
