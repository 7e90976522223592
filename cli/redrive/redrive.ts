import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { targetWords } from '../operate/target-words.ts';
import type { Target } from '../target/target.ts';
import { readOutcomes } from '../tasks/outcomes.ts';
import type { RunningTask } from '../tasks/running-task.ts';
import { openTasks, silenceMs, type Tasks } from '../tasks/tasks.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count } from '../terminal/words.ts';
import type { Destination } from './destinations/destination.ts';
import { toTables } from './destinations/to-tables.ts';
import { toTopic } from './destinations/to-topic.ts';
import { forecast, type Running } from './forecast.ts';
import { outcomes } from './outcome.ts';
import { changedPlan, type Plan, type PlanOptions, planOf, planText, readPlan } from './plan.ts';
import { markSending, NothingTakenError, runTask } from './run-task.ts';
import { type Shown, showJudged } from './show-judged.ts';
import { openSource } from './sources/open-source.ts';
import type { Source } from './sources/source.ts';

export interface RedriveOptions extends PlanOptions {
  readonly yes?: boolean;
  readonly resume?: string;
}

/** Redrives records, or tells what would become of them. */
export const redrive = async (context: Context, options: RedriveOptions): Promise<ExitCode> => {
  await using target = await context.openTarget(options);
  if (options.resume !== undefined)
    return await resume(context, options, target, await openTasks(target));
  // A mistake in the options is told before anything is connected to.
  const plan = planOf(options, target);
  const tasks = await openTasks(target);
  if (!options.yes) {
    const { exitCode, ready } = await dryRun(context, options, target, plan);
    if (exitCode === exitCodes.incomplete || (ready === 0 && !plan.remove)) return exitCode;
    if (!(await context.confirm(question(plan, ready)))) {
      context.output.tell('Nothing was written. --yes does it.');
      return exitCode;
    }
  }
  const who = await context.caller();
  // A source that is not there is told before a task begins.
  await using source = await openSource(context, target, plan, true);
  using task = await tasks.begin({ command: 'redrive', who, what: planText(plan), plan });
  if (plan.to === 'topic') await refuseBeside(tasks, task, context.signal);
  return await perform(context, options, target, plan, source, task, null);
};

const question = ({ to, remove }: Plan, ready: number): string =>
  [
    ...(ready === 0 ? [] : [`redrive ${count(ready, 'record')} to the ${to}`]),
    ...(remove ? ['remove the batches of which nothing is left to be done'] : []),
  ]
    .join(', and ')
    .replace(/^./, (first) => first.toUpperCase())
    .concat('?');

const resume = async (
  context: Context,
  options: RedriveOptions,
  target: Target,
  tasks: Tasks,
): Promise<ExitCode> => {
  const id = options.resume ?? '';
  const { what, plan } = await tasks.find(id);
  const changed = changedPlan(readPlan(id, JSON.parse(plan)), options);
  context.output.tell(`${id}: ${what}`);
  if (!options.yes && !(await context.confirm('Go on with this task?'))) {
    context.output.tell('Nothing was written. --yes goes on.');
    return exitCodes.fine;
  }
  await using source = await openSource(context, target, changed, true);
  using task = await tasks.resume(id, 'redrive', context.signal);
  if (changed.to === 'topic') await refuseBeside(tasks, task, context.signal);
  task.counts.clear();
  const earlier = await tally(target, id, context.signal);
  const before = earlier.get('done') ?? 0;
  return await perform(context, options, target, changed, source, task, before);
};

/**
 * Refuses a task beside another one that sends records to the topic: neither sees in time what the other is about to send.
 * @throws {UserFacingError} where another one runs.
 */
const refuseBeside = async (
  tasks: Tasks,
  task: RunningTask,
  signal: AbortSignal,
): Promise<void> => {
  for await (const { id, command, state, updatedAt, plan } of tasks.list(signal)) {
    if (id === task.id || command !== 'redrive' || state !== 'running') continue;
    if (Date.now() - updatedAt > silenceMs || JSON.parse(plan).to !== 'topic') continue;
    await task.end('stopped', `the task ${id} was sending to the topic`);
    throw new UserFacingError(
      `The task ${id} sends records to the topic, and another one beside it might send the same: wait for it, or end it by ` +
        `\`user-events tasks stop ${id}\`. Then go on by \`user-events redrive --resume ${task.id}\`.`,
    );
  }
};

/** Tells what would become of the records, how many would be redriven, and the exit code that this would have. */
const dryRun = async (
  context: Context,
  options: RedriveOptions,
  target: Target,
  plan: Plan,
): Promise<{ readonly exitCode: ExitCode; readonly ready: number }> => {
  const { signal, output } = context;
  await using source = await openSource(context, target, plan, false);
  await using destination = await destinationOf(target, plan, null, signal);
  const running = await runningOf(target, plan, destination, signal);
  const judged = forecast(source.candidates(signal), running);
  const shown = await showJudged(context, options, judged, { isDryRun: true });
  output.tell(
    shown.records === 0
      ? 'There is nothing to redrive.'
      : `${count(shown.ready, 'record')} of ${shown.records} would be redriven to the ${plan.to}.`,
  );
  tellUnread(context, source.unread);
  return { exitCode: codeOf(shown, source), ready: shown.ready };
};

const codeOf = ({ left }: Shown, { unread }: Source): ExitCode => {
  if (unread.length > 0) return exitCodes.incomplete;
  return left > 0 ? exitCodes.differs : exitCodes.fine;
};

/**
 * Redrives the records of a task, to its end or until it is stopped.
 * @param before the records that earlier processes of the task have redriven; null where it begins.
 */
const perform = async (
  context: Context,
  options: RedriveOptions,
  target: Target,
  plan: Plan,
  source: Source,
  task: RunningTask,
  before: number | null,
): Promise<ExitCode> => {
  const { output } = context;
  const goOn = goOnWords(task.id, options);
  output.tell(`The task is ${task.id}.`);
  context.goOnBy(goOn);
  const signal = AbortSignal.any([context.signal, task.signal]);
  let stays = '';
  const run = async (): Promise<Shown> => {
    await using destination = await destinationOf(target, plan, task, signal);
    const running = await runningOf(target, plan, destination, signal);
    const judged = runTask(source.candidates(signal), running, task, before, () =>
      context.goOnBy(goOn),
    );
    const shown = await showJudged(context, options, judged, { isDryRun: false });
    stays = await source.end();
    tellUnread(context, source.unread);
    return { ...shown, unread: source.unread.length };
  };
  try {
    const shown = await run();
    if (before !== null) replace(task, await tally(target, task.id, context.signal));
    const bad = [...task.counts].filter(
      ([name]) => !outcomes[name as keyof typeof outcomes]?.isFine,
    );
    const isDone = bad.length === 0 && shown.unread === 0;
    await task.end(
      isDone ? 'done' : 'incomplete',
      shown.unread > 0 ? `${shown.unread} parts of the source could not be read` : '',
    );
    output.tell(stays);
    if (isDone) return exitCodes.fine;
    output.tell(
      `Not everything was redriven. \`user-events tasks show ${task.id}\` has each record; \`user-events redrive --resume ${task.id}\` tries ` +
        'the unfinished ones again.',
    );
    return exitCodes.differs;
  } catch (error) {
    await endUnfinished(task, signal, error);
    const why = reasonOf(signal, error);
    if (why === null) throw error;
    context.signal.throwIfAborted();
    output.tell(
      `The task has not come to its end: ${why}. Go on by: user-events ${goOn.join(' ')}`,
    );
    return exitCodes.differs;
  }
};

/** The words of the command line that goes on with a task. */
const goOnWords = (task: string, options: RedriveOptions): string[] => {
  const { resume: resumed, fromFile, rate, limit, tries, json, csv } = options;
  // The plan has the bounds that the task began with.
  const changed = resumed === undefined ? {} : { rate, limit, tries };
  return [
    ...['redrive', '--resume', task, '--yes'],
    // Another process may find the file in another place.
    ...(fromFile === undefined ? [] : ['--from-file', fromFile]),
    ...Object.entries(changed).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, `${value}`],
    ),
    ...(json === true ? ['--json'] : []),
    ...(csv === true ? ['--csv'] : []),
    ...targetWords(options),
  ];
};

/** Writes down how a task stands that did not come to its end. */
const endUnfinished = async (
  task: RunningTask,
  signal: AbortSignal,
  error: unknown,
): Promise<void> => {
  const detail = reasonOf(signal, error) ?? (error as Error).name;
  // The error that ended the task is told, and not another one that it has brought about.
  await task.end(signal.aborted ? 'stopped' : 'failed', detail).catch(() => {});
};

/** Tells why a task did not come to its end; null for a bug. */
const reasonOf = (signal: AbortSignal, error: unknown): string | null => {
  if (signal.aborted) return (signal.reason as Error).message.replace(/\.$/, '');
  return error instanceof UserFacingError ||
    error instanceof IngestError ||
    error instanceof NothingTakenError
    ? error.message.replace(/\.$/, '')
    : null;
};

const destinationOf = (
  target: Target,
  plan: Plan,
  task: RunningTask | null,
  signal: AbortSignal,
): Promise<Destination> => {
  if (plan.to === 'tables') {
    const { overwrite, source } = plan;
    const keepsRejected = source.kind !== 'rejected' && source.kind !== 'dead letters';
    return toTables(target, { overwrite, keepsRejected });
  }
  return toTopic(
    target,
    task?.id ?? '',
    async (records) => {
      if (task === null) return;
      const client = await target.cassandra();
      await markSending({ client, keyspace: target.settings.keyspace }, task, records);
    },
    signal,
  );
};

const runningOf = async (
  target: Target,
  plan: Plan,
  destination: Destination,
  signal: AbortSignal,
): Promise<Running> => ({
  client: await target.cassandra(),
  keyspace: target.settings.keyspace,
  plan,
  destination,
  signal,
});

const tellUnread = ({ output }: Context, unread: readonly string[]): void => {
  for (const one of unread.slice(0, 5)) output.tell(`Not read: ${one}.`);
  if (unread.length > 0)
    output.tell(`Incomplete: ${count(unread.length, 'part')} of the source could not be read.`);
};

/** Counts the records of a task by what has become of them, over all its processes. */
const tally = async (
  target: Target,
  task: string,
  signal: AbortSignal,
): Promise<Map<string, number>> => {
  const client = await target.cassandra();
  const counts = new Map<string, number>();
  for await (const { outcome } of readOutcomes(client, target.settings.keyspace, task, signal))
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
};

const replace = ({ counts }: RunningTask, by: ReadonlyMap<string, number>): void => {
  counts.clear();
  for (const [name, records] of by) counts.set(name, records);
};
