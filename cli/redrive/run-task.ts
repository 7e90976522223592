import { setTimeout as delay } from 'node:timers/promises';
import { markItem, markScope } from '../tasks/marks.ts';
import { outcomeScope, readOutcomesOf } from '../tasks/outcomes.ts';
import { type RecordRow, writeRecordRows } from '../tasks/record-rows.ts';
import type { RunningTask } from '../tasks/running-task.ts';
import type { Candidate } from './candidate.ts';
import { chunksOf } from './chunks.ts';
import type { Ready } from './destinations/destination.ts';
import { type Judged, mostInHand, type Running, sortChunk } from './forecast.ts';
import { type OutcomeName, outcomes, type Verdict } from './outcome.ts';

/** Chunks of which every record has failed, one after the other, before the rest is left to a later process. */
const mostFailedChunks = 3;

/** The database or the brokers take nothing. */
export class NothingTakenError extends Error {
  override readonly name = 'NothingTakenError';
}

/** The row of a record in the table of operations, but for what differs by its kind. */
type RowOf = (
  record: Pick<RecordRow, 'scope' | 'item' | 'state' | 'detail' | 'tries'>,
) => RecordRow;

const rowOf =
  (task: RunningTask, to: string): RowOf =>
  (record) => ({ command: 'redrive', task: task.id, what: to, ...record });

/** Marks records as on their way to the topic. */
export const markSending = async (
  { client, keyspace }: Pick<Running, 'client' | 'keyspace'>,
  task: RunningTask,
  records: readonly Ready[],
): Promise<void> => {
  const make = rowOf(task, 'topic');
  await writeRecordRows(
    client,
    keyspace,
    records.flatMap((ready) => markOf(ready, 'sending', make)),
  );
};

const markOf = ({ candidate: { place }, tries }: Ready, state: string, make: RowOf): RecordRow[] =>
  place === null
    ? []
    : [make({ scope: markScope(place), item: markItem(place), state, detail: '', tries })];

/**
 * Redrives the candidates of a task, and gives each record with what has become of it, once that is written down.
 * @param before the records that earlier processes of the task have redriven, which count for the limit; null for a task that begins.
 * @param onFurther is called where records have an outcome that no earlier process has written down.
 * @throws {NothingTakenError} where one chunk after the other fails as a whole.
 */
export const runTask = async function* (
  candidates: AsyncIterable<Candidate>,
  running: Running,
  task: RunningTask,
  before: number | null,
  onFurther: () => void,
): AsyncGenerator<Judged> {
  const { client, keyspace, plan, destination, signal } = running;
  const make = rowOf(task, plan.to);
  const pace = paceOf(plan.rate);
  let room =
    plan.limit === null ? Number.POSITIVE_INFINITY : Math.max(0, plan.limit - (before ?? 0));
  let failedChunks = 0;
  const most = Math.min(mostInHand, plan.rate ?? mostInHand);
  for await (const chunk of chunksOf(candidates, most)) {
    if (room === 0) return;
    signal.throwIfAborted();
    const told =
      before === null
        ? null
        : ((await readOutcomesOf(
            client,
            keyspace,
            task.id,
            chunk.map(({ name }) => name),
            signal,
          )) as Map<string, OutcomeName>);
    const sorted = await sortChunk(chunk, running, { ...plan, task: task.id, told }, room);
    const { ready } = sorted;
    room -= ready.length;
    await pace(ready.length, signal);
    // What has begun comes to its end, so that its outcomes are known.
    const verdicts = await destination.redrive(ready, signal);
    const redriven = ready.filter((_, index) =>
      ['done', 'rejected'].includes(verdicts[index]?.outcome ?? ''),
    );
    await writeRecordRows(
      client,
      keyspace,
      redriven.flatMap((one) => markOf(one, 'redriven', make)),
    );
    const judged = [
      ...sorted.settled,
      ...ready.map(({ candidate }, index) => ({
        candidate,
        verdict: verdicts[index] as Verdict,
        wasReady: true,
        isNews: true,
      })),
    ].map((one) => ({
      ...one,
      wasTold: told?.get(one.candidate.name) === one.verdict.outcome,
    }));
    const news = judged.filter(({ isNews, wasTold }) => isNews && !wasTold);
    await writeRecordRows(
      client,
      keyspace,
      news.map(({ candidate: { name }, verdict: { outcome, detail } }) =>
        make({ scope: outcomeScope(task.id, name), item: name, state: outcome, detail, tries: 0 }),
      ),
    );
    if (news.length > 0) onFurther();
    for (const { candidate, verdict } of judged) {
      task.count(verdict.outcome);
      candidate.settle?.(outcomes[verdict.outcome].isFine);
    }
    yield* judged;
    const isFailed = ready.length > 0 && verdicts.every(({ outcome }) => outcome === 'failed');
    failedChunks = isFailed ? failedChunks + 1 : ready.length > 0 ? 0 : failedChunks;
    if (failedChunks === mostFailedChunks)
      throw new NothingTakenError(verdicts.at(-1)?.detail ?? '');
  }
};

/** Makes a function that waits until so many more records are within the rate. */
const paceOf = (rate: number | null) => {
  const began = performance.now();
  let records = 0;
  return async (more: number, signal: AbortSignal): Promise<void> => {
    if (rate === null) return;
    const dueAt = began + (records / rate) * 1_000;
    records += more;
    const early = dueAt - performance.now();
    if (early > 0) await delay(early, undefined, { signal });
  };
};
