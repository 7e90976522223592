import { parentPort, workerData } from 'node:worker_threads';
import { laws, type Run } from './laws.ts';
import type { LawName } from './shares.ts';

/** A worker's task: a law, and the inputs to check it with. */
export interface FuzzTask {
  readonly kind: LawName;
  readonly run: Run;
}

const { kind, run } = workerData as FuzzTask;
parentPort?.postMessage(await laws[kind](run));
