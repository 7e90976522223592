import { parentPort, workerData } from 'node:worker_threads';
import { mutants, plant } from './mutants.ts';
import type { Ran, Seeds } from './schedules.ts';

/** What a worker is given: its seeds, and the mutant that its core is to be. */
export interface WorkerTask extends Seeds {
  readonly mutant?: number;
}

/** What a worker says: so many schedules more, or its end. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly schedules: number }
  | ({ readonly kind: 'end' } & Ran);

const { mutant, ...seeds } = workerData as WorkerTask;
if (mutant !== undefined) plant(mutants[mutant] as (typeof mutants)[number]);

// The core is loaded now, with the mutant in it.
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
