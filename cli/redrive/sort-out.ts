import type { Mark } from '../tasks/marks.ts';
import { isoTime } from '../terminal/print.ts';
import { type Candidate, isProblem } from './candidate.ts';
import type { Ready } from './destinations/destination.ts';
import type { OutcomeName, Verdict } from './outcome.ts';

/** What keeps a record from being redriven, or nothing. */
export type Sorted =
  | { readonly kind: 'ready'; readonly ready: Ready }
  | { readonly kind: 'settled'; readonly verdict: Verdict; readonly isNews: boolean };

export interface SortRules {
  /** The task that the records belong to; null in a dry run. */
  readonly task: string | null;
  /** The outcomes that earlier processes of the task have written down, by the records' names; null for a task that begins. */
  readonly told: ReadonlyMap<string, OutcomeName> | null;
  /** Redrives records that were redriven by an earlier task too. */
  readonly again: boolean;
  /** How many times a record is redriven at the most. */
  readonly tries: number;
}

/**
 * Tells whether a record may be redriven, by what it is marked with.
 * @param mark null where it was never redriven.
 */
export const sortOut = (
  candidate: Candidate,
  mark: Mark | null,
  { task, told, again, tries: most }: SortRules,
): Sorted => {
  const { found, tries: triesInHeaders } = candidate;
  if (isProblem(found)) return settled(found);
  const isOfTask = mark !== null && mark.task === task;
  if (isOfTask && mark.state === 'redriven')
    return told === null
      ? settled({ outcome: 'already redriven', detail: 'the source has it twice' }, false)
      : settled({
          // What it was before it was redriven may still be written down, where the process has died in between.
          outcome: told.get(candidate.name) === 'rejected' ? 'rejected' : 'done',
          detail: 'this task has redriven it',
        });
  if (mark !== null && !isOfTask && !again) return settled(already(mark));
  // A try that has not come to its end is the same try.
  const before = Math.max(triesInHeaders, (mark?.tries ?? 0) - (isOfTask ? 1 : 0));
  if (before >= most)
    return settled({ outcome: 'too many tries', detail: `it was redriven ${before} times` });
  return {
    kind: 'ready',
    ready: {
      candidate,
      record: found,
      tries: before + 1,
      mayHaveArrived: isOfTask && mark.state === 'sending',
    },
  };
};

const settled = ({ outcome, detail }: Verdict, isNews = true): Sorted => ({
  kind: 'settled',
  verdict: { outcome, detail },
  isNews,
});

const already = ({ state, task, to, at }: Mark): Verdict => ({
  outcome: 'already redriven',
  detail:
    state === 'redriven'
      ? `task ${task} has redriven it to the ${to}, ${isoTime(at?.getTime() ?? null)} (--again)`
      : `task ${task} was sending it to the topic, ${isoTime(at?.getTime() ?? null)}, and it may not have arrived: resume that task`,
});
