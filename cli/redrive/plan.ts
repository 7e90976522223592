import { resolve } from 'node:path';
import * as z from 'zod';
import { reasons } from '../../functions/ingest/event/rejection.ts';
import { type FilterOptions, filterOf } from '../rejected/filter-options.ts';
import type { Target } from '../target/target.ts';
import { isoTime } from '../terminal/print.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { failedPlaceOf } from './sources/place-of-failed.ts';

/** The options that say what is redriven, and where to. */
export interface PlanOptions extends FilterOptions {
  readonly to?: 'topic' | 'tables';
  readonly fromFile?: string;
  readonly fromFailed?: string | true;
  readonly fromDeadLetters?: string;
  readonly overwrite?: boolean;
  readonly remove?: boolean;
  readonly again?: boolean;
  readonly tries?: number;
  readonly rate?: number;
  readonly limit?: number;
}

const source = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rejected'),
    filter: z.object({
      topic: z.string().optional(),
      partitions: z.array(z.number()).optional(),
      /** In digits: JSON has no numbers of 64 bits. */
      offsets: z.object({ from: z.string(), to: z.string() }).optional(),
      reasons: z.array(z.enum(reasons)).optional(),
      detail: z.string().optional(),
      since: z.number().optional(),
      until: z.number(),
    }),
    all: z.boolean(),
    daysBefore: z.number().optional(),
  }),
  z.object({ kind: z.literal('findings'), file: z.string() }),
  z.object({ kind: z.literal('folder'), folder: z.string() }),
  z.object({ kind: z.literal('bucket'), bucket: z.string(), prefix: z.string() }),
  z.object({ kind: z.literal('queue'), url: z.string() }),
  z.object({ kind: z.literal('topic'), topic: z.string() }),
  z.object({ kind: z.literal('dead letters'), topic: z.string() }),
]);

const plan = z.object({
  source,
  to: z.enum(['topic', 'tables']),
  /** Writes over another record's row. */
  overwrite: z.boolean(),
  /** Redrives records that were redriven by an earlier task too. */
  again: z.boolean(),
  /** Removes failed batches of which nothing is left to be done from their folder or bucket. */
  remove: z.boolean().default(false),
  /** How many times a record is redriven at the most. */
  tries: z.number(),
  /** Records a second at the most; null for no bound. */
  rate: z.number().nullable(),
  /** Records at the most; null for all. */
  limit: z.number().nullable(),
});

/** What a task redrives, and how: all that is needed to go on with it. */
export type Plan = z.infer<typeof plan>;

const usualTries = 3;

/** Makes the plan of a command's options. @throws {UserFacingError} where they do not say what is meant, or contradict each other. */
export const planOf = (options: PlanOptions, target: Target): Plan => {
  const { to, overwrite = false, again = false, remove = false } = options;
  const { tries = usualTries, rate = null, limit = null } = options;
  if (to === undefined)
    throw new UserFacingError(
      'Say where to: --to tables writes the rows by the function’s own code, whatever the watermark says; --to topic produces the records again.',
    );
  if (overwrite && to === 'topic')
    throw new UserFacingError('--overwrite belongs to --to tables: a topic has no rows.');
  const from = sourceOf(options, target);
  if (remove && from.kind !== 'folder' && from.kind !== 'bucket')
    throw new UserFacingError(
      '--remove belongs to --from-failed with a folder or a bucket. Messages of a queue are deleted without it; a topic and a table keep their ' +
        'records until their time is over.',
    );
  return { source: from, to, overwrite, again, remove, tries, rate, limit };
};

/** Changes the bounds of a plan that a task goes on with. Its source and its destination stay. */
export const changedPlan = (
  before: Plan,
  { tries = before.tries, rate, limit, fromFile }: PlanOptions,
): Plan => ({
  ...before,
  tries,
  rate: rate ?? before.rate,
  limit: limit ?? before.limit,
  ...(before.source.kind === 'findings' &&
    fromFile !== undefined && { source: { kind: 'findings', file: resolve(fromFile) } }),
});

/** Reads the plan of a task. @throws {UserFacingError} where another version has written it. */
export const readPlan = (task: string, given: unknown): Plan => {
  const read = plan.safeParse(given);
  if (read.success) return read.data;
  throw new UserFacingError(
    `The plan of the task ${task} was written by another version of this program: begin a new task. What the task has done is marked.`,
  );
};

const sourceOf = (options: PlanOptions, target: Target): Plan['source'] => {
  const { fromFile, fromFailed, fromDeadLetters } = options;
  const others = [fromFile, fromFailed, fromDeadLetters].filter((one) => one !== undefined);
  if (others.length > 1)
    throw new UserFacingError(
      'Only one of --from-file, --from-failed and --from-dead-letters can be given.',
    );
  if (others.length === 0) return rejectedOf(options, target);
  const filters = [
    ...(['reason', 'detail', 'since', 'until', 'partition', 'offset'] as const),
    ...(['daysBefore', 'all'] as const),
  ];
  if (filters.some((name) => options[name] !== undefined))
    throw new UserFacingError(
      'Filters choose among the rows of rejected_events: leave them out with another source.',
    );
  if (fromFile !== undefined) return { kind: 'findings', file: resolve(fromFile) };
  if (fromDeadLetters !== undefined && fromDeadLetters === target.topic)
    throw new UserFacingError(
      `${fromDeadLetters} is the topic of the pipeline, and has no dead letters: all of its records would come again. \`replay\` does that.`,
    );
  if (fromDeadLetters !== undefined) return { kind: 'dead letters', topic: fromDeadLetters };
  return failedPlaceOf(fromFailed ?? true, target, '--from-failed');
};

const rejectedOf = (options: FilterOptions, target: Target): Plan['source'] => {
  const now = Date.now();
  const {
    topic,
    partitions,
    reasons: meant,
    detail,
    since,
    until = now,
  } = filterOf(options, target, now);
  const { offset } = options;
  return {
    kind: 'rejected',
    filter: {
      ...(topic !== undefined && { topic }),
      ...(partitions !== undefined && { partitions: [...partitions] }),
      ...(offset !== undefined && { offsets: { from: `${offset.from}`, to: `${offset.to}` } }),
      ...(meant !== undefined && { reasons: meant as (typeof reasons)[number][] }),
      ...(detail !== undefined && { detail }),
      ...(since !== undefined && { since }),
      // Records that are rejected from here on are another task's: those that this one rejects, too.
      until,
    },
    all: options.all ?? false,
    ...(options.daysBefore !== undefined && { daysBefore: options.daysBefore }),
  };
};

/** Says in words what a plan redrives, for the audit line. */
export const planText = ({ source: from, to, overwrite, again, remove, limit }: Plan): string =>
  [
    `${sourceText(from)} to ${to === 'topic' ? 'the topic' : 'the tables'}`,
    ...(overwrite ? ['over other records’ rows'] : []),
    ...(again ? ['again'] : []),
    ...(remove ? ['removing what is done'] : []),
    ...(limit === null ? [] : [`${limit} at most`]),
  ].join(', ');

const sourceText = (from: Plan['source']): string => {
  switch (from.kind) {
    case 'findings':
      return `the findings of ${from.file}`;
    case 'folder':
      return `the failed batches in ${from.folder}`;
    case 'bucket':
      return `the failed batches in s3://${from.bucket}/${from.prefix}`;
    case 'queue':
      return `the failed batches of ${from.url}`;
    case 'topic':
      return `the failed records on ${from.topic}`;
    case 'dead letters':
      return `the dead letters on ${from.topic}`;
    case 'rejected': {
      const { topic, partitions, offsets, reasons: meant, detail, since, until } = from.filter;
      return [
        'rejected records',
        ...(topic === undefined ? [] : [`of ${topic}`]),
        ...(partitions === undefined ? [] : [`partitions ${partitions.join(', ')}`]),
        ...(offsets === undefined ? [] : [`offsets ${offsets.from} to ${offsets.to}`]),
        ...(meant === undefined ? [] : [`reasons ${meant.join(', ')}`]),
        ...(detail === undefined ? [] : [`detail "${detail}"`]),
        ...(since === undefined ? [] : [`from ${isoTime(since)}`]),
        `up to ${isoTime(until)}`,
      ].join(', ');
    }
  }
};
