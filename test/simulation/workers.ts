import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Ran, Seeds } from './schedules.ts';
import type { WorkerMessage, WorkerTask } from './worker.ts';

/** Runs schedules in a thread of their own. */
export const runInWorker = async (
  task: WorkerTask,
  onProgress: (schedules: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Ran> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  let ran: Ran | undefined;
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'end') ran = message;
    else onProgress(message.schedules);
  });
  // The promise rejects with the error of the worker.
  await once(worker, 'exit');
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (ran === undefined) throw new Error('a worker has ended without a result');
  return ran;
};

/** Deals out the seeds one by one into so many shares. */
export const deal = ({ first, count }: Omit<Seeds, 'step'>, shares: number): Seeds[] =>
  Array.from({ length: shares }, (_, share) => ({
    first: first + share,
    step: shares,
    count: Math.floor((count + shares - 1 - share) / shares),
  }));
