import { syncBuiltinESMExports } from 'node:module';
import promises from 'node:timers/promises';

/**
 * A scripted clock: its time stands still until it is moved to the next timer. The core and the event source mapping take time from
 * globals and from node:timers/promises, which are replaced while the clock is installed. (@sinonjs/fake-timers 15.5.0 does the same at
 * 25 times the cost of a timer, and a schedule is little else than timers.)
 */
export interface ScriptedClock extends Disposable {
  /** Gives the milliseconds since the schedule began. */
  now(): number;
  /** Begins a new schedule at this wall-clock time, with these random numbers, and without timers. */
  reset(wallTime: number, random: () => number): void;
  /** Runs pending work, then moves to the timer that is due first and runs it; false if there is no timer. */
  next(): Promise<boolean>;
  /** Runs pending work without moving the time. */
  settle(): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

// The real functions, taken before the globals are replaced.
const { setImmediate, setTimeout, clearTimeout } = globalThis;
const { now: dateNow } = Date;
const { random: mathRandom } = Math;
const { setTimeout: delay } = promises;

/** Resolves when all microtasks have run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const installClock = (): ScriptedClock => {
  let timers: Timer[] = [];
  let time = 0;
  let wallStart = 0;
  let order = 0;

  const set = (run: () => void, ms = 0): Timer => {
    const timer = { at: time + Math.max(0, ms), order, run };
    order += 1;
    push(timers, timer);
    return timer;
  };
  const clear = (timer: Timer | undefined): void => {
    if (timer !== undefined) timer.run = null;
  };
  globalThis.setTimeout = set as unknown as typeof setTimeout;
  globalThis.clearTimeout = clear as unknown as typeof clearTimeout;
  promises.setTimeout = ((ms, value) =>
    new Promise((resolve) => set(() => resolve(value as never), ms))) as typeof delay;
  syncBuiltinESMExports();
  performance.now = () => time;
  Date.now = () => wallStart + time;

  return {
    now: () => time,
    reset(wallTime, random) {
      timers = [];
      time = 0;
      order = 0;
      wallStart = wallTime;
      Math.random = random;
    },
    async next() {
      await settled();
      for (let timer = pop(timers); timer !== undefined; timer = pop(timers)) {
        if (timer.run === null) continue;
        time = timer.at;
        timer.run();
        return true;
      }
      return false;
    },
    settle: settled,
    [Symbol.dispose]() {
      globalThis.setTimeout = setTimeout;
      globalThis.clearTimeout = clearTimeout;
      promises.setTimeout = delay;
      syncBuiltinESMExports();
      // Deleting the replacement uncovers the prototype's own `now`.
      Reflect.deleteProperty(performance, 'now');
      Date.now = dateNow;
      Math.random = mathRandom;
    },
  };
};

const before = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** Adds a timer to a binary heap, whose top is the first timer due. */
const push = (heap: Timer[], timer: Timer): void => {
  let index = heap.length;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Timer;
    if (before(above, timer)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = timer;
};

const pop = (heap: Timer[]): Timer | undefined => {
  const top = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return top;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    if (one === undefined) break;
    const child = other !== undefined && before(other, one) ? left + 1 : left;
    const below = heap[child] as Timer;
    if (before(last, below)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
  return top;
};
