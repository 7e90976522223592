import { limits } from './limits.ts';
import { type Load, loadOf } from './load.ts';
import { costOf, parts } from './model.ts';
import { type Simulated, simulatePollers } from './poller-simulation.ts';
import { dollars, markdownTable } from './table.ts';
import type { Traffic, Workload } from './workload.ts';

/** From one partition to a thousand, and from a hundred events a second to a million. */
export const sizes: readonly Traffic[] = [
  { eventsPerSecond: 100, partitions: 1 },
  { eventsPerSecond: 1_000, partitions: 3 },
  { eventsPerSecond: 10_000, partitions: 12 },
  { eventsPerSecond: 100_000, partitions: 100 },
  { eventsPerSecond: 1_000_000, partitions: 1_000 },
];

/** How long a size is simulated; the second half is looked at. */
const simulation = { seconds: 60, seed: 1 };

const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : `${Number(value.toPrecision(2))}`;

const header = ['', ...sizes.map(({ eventsPerSecond }) => eventsPerSecond.toLocaleString('en'))];

/** What each size needs, by the model, and what the simulated mapping did with it. */
export const loadTable = (workload: Workload): string => {
  const columns = sizes.map((traffic) => {
    const load = loadOf(traffic, workload);
    return {
      traffic,
      load,
      simulated: simulatePollers(traffic, load.pollers, workload, simulation),
    };
  });
  const row = (
    name: string,
    of: (column: { traffic: Traffic; load: Load; simulated: Simulated }) => number,
  ) => [name, ...columns.map((column) => number(of(column)))];
  return markdownTable([
    ['events a second', ...header.slice(1)],
    row('partitions', ({ traffic }) => traffic.partitions),
    row('event pollers', ({ load }) => load.pollers),
    row('invocations a second', ({ load }) => load.invocationsPerSecond),
    row('… simulated', ({ simulated }) => simulated.invocationsPerSecond),
    row('records of a batch', ({ load }) => load.recordsOfABatch),
    row('… simulated', ({ simulated }) => simulated.recordsOfABatch),
    row('invocations at once', ({ load }) => load.concurrency),
    row('… simulated', ({ simulated }) => simulated.concurrency),
    row('… at the most, simulated', ({ simulated }) => simulated.highestConcurrency),
    row('seconds from topic to row, simulated', ({ simulated }) => simulated.secondsToRow),
    row('partitions of a batch, at most', ({ load }) => load.partitionsOfABatch),
    row('… simulated', ({ simulated }) => simulated.partitionsOfABatch),
  ]);
};

/** How much of each limit a size takes; the limit that is reached first is bold. */
export const limitTable = (workload: Workload): string => {
  const columns = sizes.map((traffic) => {
    const load = loadOf(traffic, workload);
    const shares = limits.map(
      ({ used, allowed }) => used(traffic, load, workload) / allowed(traffic, load, workload),
    );
    const first = Math.max(...shares);
    return shares.map((share) => (share === first ? `**${percent(share)}**` : percent(share)));
  });
  return markdownTable([
    ['of', ...header.slice(1), 'what moves it'],
    ...limits.map(({ name, setting, source }, index) => [
      `[${name}](${source})`,
      ...columns.map((column) => column[index] ?? ''),
      setting,
    ]),
  ]);
};

const percent = (share: number): string =>
  share < 0.01 ? '< 1 %' : `${Math.round(share * 100).toLocaleString('en')} %`;

/** US dollars for a million events, by part. */
export const costByPart = (workload: Workload): string => {
  const costs = sizes.map((traffic) => costOf(traffic, workload));
  return markdownTable([
    ['US$ a million events', ...header.slice(1)],
    ...parts.map((part) => [part, ...costs.map(({ perMillion }) => dollars(perMillion[part]))]),
    ['together', ...costs.map(({ total }) => dollars(total))],
  ]);
};
