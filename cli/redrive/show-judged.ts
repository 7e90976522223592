import type { Context } from '../operate/context.ts';
import { type CommonOptions, formOf } from '../operate/operation.ts';
import { printListing } from '../output/listing.ts';
import { slowProgress } from '../output/slow-progress.ts';
import { patternOf } from '../rejected/detail-pattern.ts';
import { number } from '../terminal/words.ts';
import type { Judged } from './forecast.ts';
import { outcomes } from './outcome.ts';

/** What was shown of records. */
export interface Shown {
  readonly records: number;
  /** Those that were redriven, or would be. */
  readonly ready: number;
  /** Those that something is left to be done about. */
  readonly left: number;
  /** The parts of the source that could not be read. */
  readonly unread: number;
}

/** The records that a person is shown one by one. */
const mostShown = 10;

/** The groups of outcomes that a person is shown; a hostile source could make any number of them. */
const mostGroups = 50;

/**
 * Shows what became, or would become, of records: to a person by groups, with a sample, and to programs each record whose outcome an earlier
 * process of the task has not told.
 * In a dry run the sample has the first records, after a run the first ones that something is left to be done about.
 */
export const showJudged = async (
  { output }: Pick<Context, 'output'>,
  options: CommonOptions,
  judged: AsyncIterable<Judged>,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<Shown> => {
  const form = formOf(options);
  const becomes = isDryRun ? 'would become' : 'became';
  const groups = new Map<string, { outcome: string; detail: string; records: number }>();
  const sample: Record<string, unknown>[] = [];
  let records = 0;
  let ready = 0;
  let left = 0;
  const show = slowProgress(output, (now: number) => `${number(now)} records`);
  const rows = async function* () {
    for await (const one of judged) {
      const { candidate, verdict, wasReady, wasTold = false } = one;
      records += 1;
      if (wasReady) ready += 1;
      if (!outcomes[verdict.outcome].isFine) left += 1;
      show(records);
      const detail = patternOf(verdict.detail);
      const name = groups.size < mostGroups ? `${verdict.outcome}: ${detail}` : verdict.outcome;
      const group = groups.get(name) ?? {
        outcome: verdict.outcome,
        detail: groups.size < mostGroups ? detail : '…',
        records: 0,
      };
      group.records += 1;
      groups.set(name, group);
      const row = {
        record: candidate.name,
        why: candidate.why,
        [becomes]: verdict.outcome,
        detail: verdict.detail,
      };
      if (sample.length < mostShown && (isDryRun || !outcomes[verdict.outcome].isFine))
        sample.push(row);
      if (!wasTold) yield row;
    }
  };
  const columns = ['record', 'why', becomes, 'detail'];
  if (form !== 'table') await printListing(output, rows(), { form, columns });
  else {
    for await (const _ of rows());
    const grouped = [...groups.values()].map(({ outcome, detail, records: some }) => ({
      [becomes]: outcome,
      detail,
      records: number(some),
    }));
    await printListing(output, grouped, { form, columns: [becomes, 'detail', 'records'] });
    if (sample.length > 0) {
      output.print('');
      await printListing(output, sample, { form, columns });
    }
  }
  return { records, ready, left, unread: 0 };
};
