import { createRandom, type Random } from '../local/dataset/random.ts';
import { batchMs, fullBatch, poller as limits } from './load.ts';
import type { Traffic, Workload } from './workload.ts';

/** What a simulated mapping did once it had found its pace; of all figures the means. */
export interface Simulated {
  readonly invocationsPerSecond: number;
  readonly recordsOfABatch: number;
  readonly partitionsOfABatch: number;
  readonly concurrency: number;
  readonly highestConcurrency: number;
  /** By Little's law: the records that wait or are being handled, over those that come in a second. */
  readonly secondsToRow: number;
  /** Records that wait at the end more than when half of the time was over, a second: above none, it does not keep up. */
  readonly growthPerSecond: number;
}

interface Partition {
  waiting: number;
  /** Records that have come, in fractions. */
  arriving: number;
  busy: boolean;
}

interface Batch {
  readonly partitions: readonly Partition[];
  readonly records: number;
  readonly endsAt: number;
}

interface Poller {
  readonly partitions: readonly Partition[];
  batches: Batch[];
  windowSince: number;
  /** Bytes that it may still take; 5 MB more each second. */
  allowance: number;
}

const stepSeconds = 0.005;

/**
 * Plays the mapping's rules in time: partitions that fill unevenly, pollers that own them, a batch when it is full or the
 * window over, at most five at once a poller, and a partition's records only one batch at a time.
 */
export const simulatePollers = (
  { eventsPerSecond, partitions: count }: Traffic,
  pollers: number,
  workload: Workload,
  { seconds, seed }: { readonly seconds: number; readonly seed: number },
): Simulated => {
  const random = createRandom(seed);
  const partitions = Array.from({ length: count }, newPartition);
  const all = Array.from({ length: pollers }, (_, index) =>
    newPoller(partitions.filter((_, place) => place % pollers === index)),
  );
  const perStep = (eventsPerSecond / count) * stepSeconds;
  const taken: Batch[] = [];
  let [steps, running, highest, present, halfway] = [0, 0, 0, 0, 0];
  for (let now = 0; now < seconds; now += stepSeconds) {
    const measured = now >= seconds / 2;
    for (const partition of partitions) arrive(partition, perStep, random);
    let atOnce = 0;
    for (const one of all) {
      finish(one, now);
      const batches = take(one, now, workload);
      if (measured) taken.push(...batches);
      atOnce += one.batches.length;
    }
    if (!measured) continue;
    const waiting = partitions.reduce((sum, partition) => sum + partition.waiting, 0);
    if (steps === 0) halfway = waiting;
    steps += 1;
    running += atOnce;
    highest = Math.max(highest, atOnce);
    present += waiting + handled(all);
  }
  const waiting = partitions.reduce((sum, partition) => sum + partition.waiting, 0);
  const mean = (of: (batch: Batch) => number): number =>
    taken.reduce((sum, batch) => sum + of(batch), 0) / taken.length;
  return {
    invocationsPerSecond: taken.length / (seconds / 2),
    recordsOfABatch: mean(({ records }) => records),
    partitionsOfABatch: mean((batch) => batch.partitions.length),
    concurrency: running / steps,
    highestConcurrency: highest,
    secondsToRow: present / steps / eventsPerSecond,
    growthPerSecond: (waiting - halfway) / (seconds / 2),
  };
};

const newPartition = (): Partition => ({ waiting: 0, arriving: 0, busy: false });

const newPoller = (partitions: readonly Partition[]): Poller => ({
  partitions,
  batches: [],
  windowSince: 0,
  allowance: limits.bytesPerSecond,
});

/** Anything from nothing to twice the mean. */
const arrive = (partition: Partition, mean: number, random: Random): void => {
  partition.arriving += (mean * random.between(0, 2_000)) / 1_000;
  const whole = Math.floor(partition.arriving);
  partition.arriving -= whole;
  partition.waiting += whole;
};

const finish = (one: Poller, now: number): void => {
  one.batches = one.batches.filter(({ endsAt, partitions }) => {
    if (endsAt > now) return true;
    for (const partition of partitions) partition.busy = false;
    return false;
  });
};

/** As many batches as are due, from the fullest partitions that are free. */
const take = (one: Poller, now: number, workload: Workload): Batch[] => {
  const full = fullBatch(workload);
  const bytes = workload.recordBytes * (4 / 3);
  one.allowance = Math.min(
    limits.bytesPerSecond,
    one.allowance + limits.bytesPerSecond * stepSeconds,
  );
  const batches: Batch[] = [];
  while (one.batches.length < limits.invocationsAtOnce) {
    const free = one.partitions
      .filter(({ busy, waiting }) => !busy && waiting > 0)
      .sort((a, b) => b.waiting - a.waiting);
    const most = Math.min(full, Math.floor(one.allowance / bytes));
    const there = free.reduce((sum, { waiting }) => sum + waiting, 0);
    const due = there >= full || now - one.windowSince >= workload.batchingWindowSeconds;
    if (most < 1 || there === 0 || !due) break;
    const partitions: Partition[] = [];
    let records = 0;
    for (const partition of free) {
      if (records === most) break;
      const some = Math.min(partition.waiting, most - records);
      partition.waiting -= some;
      partition.busy = true;
      records += some;
      partitions.push(partition);
    }
    const batch = { partitions, records, endsAt: now + batchMs(records, workload) / 1000 };
    one.batches.push(batch);
    batches.push(batch);
    one.allowance -= records * bytes;
    one.windowSince = now;
  }
  return batches;
};

const handled = (pollers: readonly Poller[]): number =>
  pollers.reduce(
    (sum, { batches }) => sum + batches.reduce((all, { records }) => all + records, 0),
    0,
  );
