import { costOf, parts } from './model.ts';
import { type Price, priceDate, prices } from './prices.ts';
import { type Workload, workload } from './workload.ts';

export const dollars = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value < 1 ? 2 : 3);

/** The first row is the head; all columns are aligned right. */
export const markdownTable = ([head = [], ...rows]: readonly (readonly (
  | string
  | number
)[])[]): string =>
  [head, head.map(() => '---:'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** The cost table of docs/operations.md. */
export const costTable = (of: Workload = workload): string => {
  const header = [
    'events a second',
    'partitions',
    'pollers',
    ...parts,
    'US$ a million',
    'US$ a month',
  ];
  const rows = of.traffic.map((traffic) => {
    const cost = costOf(traffic, of);
    return [
      cost.eventsPerSecond.toLocaleString('en'),
      cost.partitions,
      cost.pollers,
      ...parts.map((part) => dollars(cost.perMillion[part])),
      dollars(cost.total),
      dollars(cost.perMonth),
    ];
  });
  return markdownTable([header, ...rows]);
};

/** The prices that it is made of. */
export const priceTable = (): string =>
  [
    '| US$ | for | AWS’s page | seen |',
    '|---:|---|---|---|',
    ...Object.values<Price>(prices).map(({ usd, per, source, seen }) => {
      const figure = usd < 0.00001 ? `${Number((usd * 1e6).toPrecision(6))} a million` : `${usd}`;
      return `| ${figure} | ${per} | ${source} | ${seen ?? '**unverified**'} |`;
    }),
    '',
    `As of ${priceDate}, us-east-1.`,
  ].join('\n');
