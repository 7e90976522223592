import { number } from '../terminal/words.ts';
import type { Task } from './task.ts';
import { silenceMs } from './tasks.ts';

/** Tells how a task stands. A running one that has been silent for long has lost its process, unless this machine’s clock is fast. */
export const stateText = ({ state, updatedAt }: Task): string =>
  state === 'running' && Date.now() - updatedAt > silenceMs ? 'running (silent)' : state;

/** Writes counts by what they count: `812 done, 3 superseded`. */
export const countsText = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, value]) => `${number(value)} ${name}`).join(', ');
