import { parentPort, workerData } from 'node:worker_threads';
import { mutants, plant } from './mutants.ts';
import type { Ran, Seeds } from './schedules.ts';

/** A worker's task: its seeds, and the mutant to run as its core. */
export interface WorkerTask extends Seeds {
  readonly mutant?: number;
}

/** A worker's message: some schedules more are done, or all of them. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly schedules: number }
  | ({ readonly kind: 'end' } & Ran);

const { mutant, ...seeds } = workerData as WorkerTask;
if (mutant !== undefined) plant(mutants[mutant] as (typeof mutants)[number]);

// These imports load the core, with the mutation.
const { installClock } = await import('./clock.ts');
const { runSchedules } = await import('./schedules.ts');

const post = (message: WorkerMessage): void => parentPort?.postMessage(message);
const together = 100;
let since = 0;
using clock = installClock();
const ran = await runSchedules(seeds, clock, () => {
  since += 1;
  if (since < together) return;
  post({ kind: 'progress', schedules: since });
  since = 0;
});
post({ kind: 'progress', schedules: since });
post({ kind: 'end', ...ran });
