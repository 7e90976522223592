import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Became } from './laws.ts';
import type { FuzzTask } from './worker.ts';

/**
 * Checks a law in a thread of its own: no input, however long it takes, keeps this one from a signal.
 * @throws {Error} at the first input that breaks the law; the signal's reason when it is aborted.
 */
export const runInWorker = async (task: FuzzTask, signal: AbortSignal): Promise<Became> => {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  let became: Became | undefined;
  worker.on('message', (message: Became) => {
    became = message;
  });
  // The promise rejects with the error of the worker.
  await once(worker, 'exit');
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (became === undefined) throw new Error('the worker has ended without a result');
  return became;
};
