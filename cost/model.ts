import { demoSizes } from './demo-sizes.ts';
import { type PriceName, prices } from './prices.ts';
import { watched } from './watched.ts';

/** A topic's events a second, and the partitions that it has. */
export interface Traffic {
  readonly eventsPerSecond: number;
  readonly partitions: number;
}

const sizes: readonly Traffic[] = [
  { eventsPerSecond: 10, partitions: 3 },
  { eventsPerSecond: 100, partitions: 3 },
  { eventsPerSecond: 1_000, partitions: 12 },
  { eventsPerSecond: 10_000, partitions: 48 },
  { eventsPerSecond: 100_000, partitions: 240 },
  { eventsPerSecond: 1_000_000, partitions: 1_000 },
];

/** Rounds a size to fifties: other topics differ by more, and an additional small field changes no table. */
const toFifties = (bytes: number): number => Math.round(bytes / 50) * 50;
const { record, row } = demoSizes();

/** The workload of the cost table: the defaults of a stage, and the figures of `npm run bench:batch`. */
export const workload = {
  recordBytes: toFifties(record),
  rowBytes: toFifties(row),
  batchSize: 1_000,
  windowSeconds: 1,
  memoryMb: 512,
  /** The milliseconds of a full batch on a whole core: of CPU, and from event to response. */
  batchCpuMs: 5.7,
  batchWallMs: 20.7,
  logLineBytes: 1_011,
};

/** The capacity of a poller and of a unit of pollers: https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html */
const poller = { bytesPerSecond: 5e6, invocationsAtOnce: 5 };
const unit = { pollers: 10, bytesPerSecond: 20e6 };
/** MB of memory with which a function has one whole core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const mbOfACore = 1769;
/** The factor by which base64 enlarges bytes in an event. */
const base64 = 4 / 3;
const hoursOfAMonth = 730;
const secondsOfAMonth = hoursOfAMonth * 3600;

/** A cost in US dollars a month, with the load that it follows from. */
export interface Cost {
  readonly pollers: number;
  readonly invocationsPerSecond: number;
  /** Invocations at once: environments of the function. */
  readonly concurrency: number;
  readonly perMonth: Readonly<Record<Part, number>>;
  /** What the cost is made of. */
  readonly charges: readonly Charge[];
}

/** Units of a price in a month. */
interface Charge {
  readonly part: Part;
  readonly price: PriceName;
  readonly units: number;
}

export const parts = [
  'event pollers',
  'Lambda',
  'Keyspaces',
  'CloudWatch',
  'one month kept',
] as const;
type Part = (typeof parts)[number];

/**
 * Computes the cost of a topic with this traffic, from its pollers to its rows, without the Kafka cluster itself. A poller sends a batch
 * when it is full, or when the window is over and it has records. Each batch has a checkpoint for each of its poller's partitions.
 */
export const costOf = ({ eventsPerSecond, partitions }: Traffic, of = workload): Cost => {
  const cpuMs = of.batchCpuMs / Math.min(1, of.memoryMb / mbOfACore);
  const secondsOfARecord = Math.max(cpuMs, of.batchWallMs) / 1_000 / of.batchSize;
  const bytesPerSecond = eventsPerSecond * of.recordBytes * base64;
  const wanted = Math.max(
    bytesPerSecond / poller.bytesPerSecond,
    (eventsPerSecond * secondsOfARecord) / poller.invocationsAtOnce,
  );
  const pollers = Math.min(Math.max(1, Math.ceil(wanted)), partitions);
  const units = Math.max(Math.ceil(pollers / unit.pollers), bytesPerSecond / unit.bytesPerSecond);
  const invocationsPerSecond = Math.max(
    eventsPerSecond / of.batchSize,
    Math.min(eventsPerSecond, pollers / of.windowSeconds),
  );
  const concurrency = eventsPerSecond * secondsOfARecord;
  const checkpointsPerSecond =
    invocationsPerSecond * Math.min(partitions / pollers, eventsPerSecond / invocationsPerSecond);
  const gigabytesPerSecond = (bytes: number): number => bytes / 1e9;
  const each = (perSecond: number): number => perSecond * secondsOfAMonth;
  const bytesKept = gigabytesPerSecond(eventsPerSecond * of.rowBytes);
  const charges: readonly Charge[] = [
    { part: 'event pollers', price: 'eventPollerUnit', units: Math.ceil(units) * hoursOfAMonth },
    { part: 'Lambda', price: 'lambdaRequest', units: each(invocationsPerSecond) },
    { part: 'Lambda', price: 'lambdaGbSecond', units: each(concurrency * (of.memoryMb / 1024)) },
    {
      part: 'Keyspaces',
      price: 'keyspacesWrite',
      units: each(eventsPerSecond * Math.ceil(of.rowBytes / 1024) + checkpointsPerSecond),
    },
    { part: 'Keyspaces', price: 'keyspacesRead', units: each(checkpointsPerSecond) },
    {
      part: 'CloudWatch',
      price: 'logs',
      units: each(gigabytesPerSecond(invocationsPerSecond * of.logLineBytes)),
    },
    { part: 'CloudWatch', price: 'metric', units: watched.metrics },
    { part: 'CloudWatch', price: 'alarm', units: watched.alarmedMetrics },
    { part: 'CloudWatch', price: 'dashboard', units: 1 },
    { part: 'one month kept', price: 'keyspacesStorage', units: each(bytesKept) },
    { part: 'one month kept', price: 'keyspacesRecovery', units: each(bytesKept) },
  ];
  const ofPart = (part: Part): number =>
    charges.filter((charge) => charge.part === part).reduce((sum, one) => sum + usdOf(one), 0);
  return {
    pollers,
    invocationsPerSecond,
    concurrency,
    perMonth: Object.fromEntries(parts.map((part) => [part, ofPart(part)])) as Cost['perMonth'],
    charges,
  };
};

/** Computes US dollars a month. */
export const usdOf = ({ price, units }: Charge): number => units * prices[price].usd;

/** Marks what rests on a price that AWS itself has not told. */
export const mark = (names: readonly PriceName[]): string =>
  names.every((name) => prices[name].isOfAws) ? '' : unread;
const unread = ' *';
export const unreadNote =
  '* rests on a price that was not read from AWS itself. Check it before you decide by it.';

/** Sums up the US dollars of a month. */
export const total = ({ perMonth }: Cost): number =>
  Object.values(perMonth).reduce((sum, one) => sum + one, 0);

/** Writes a figure of the cost in three digits, or whole from a hundred on. */
export const figure = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en')
    : `${Number(value.toPrecision(value < 1 ? 2 : 3))}`;

/** Writes a price in US dollars; small ones by the million. A mark says that AWS itself has not told it. */
export const priceOf = (name: PriceName): string => {
  const { usd } = prices[name];
  const text = usd < 0.00001 ? `${Number((usd * 1e6).toPrecision(6))} a million` : `${usd}`;
  return `${text}${mark([name])}`;
};

const markdown = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `| ${row.join(' | ').replaceAll('*', '\\*')} |`).join('\n');

const noted = (table: string): string => `${table}\n\n${unreadNote.replace('*', '\\*')}`;

/** Computes the events of a month, in millions. */
export const millionsOf = ({ eventsPerSecond }: Traffic): number =>
  (eventsPerSecond * secondsOfAMonth) / 1e6;

/** Makes the cost table of docs/operations.md: US dollars a million events, by part. */
export const costTable = (): string => {
  const columns = ['events a second', 'partitions', 'pollers', 'invocations a second', 'at once'];
  const head = [...columns, ...parts, 'US$ a million', 'US$ a month'];
  const rows = sizes.map((traffic) => {
    const cost = costOf(traffic);
    const { pollers, invocationsPerSecond, concurrency, perMonth, charges } = cost;
    const millions = millionsOf(traffic);
    const { eventsPerSecond, partitions } = traffic;
    const pricesOf = (part: Part): PriceName[] =>
      charges.filter((charge) => charge.part === part).map(({ price }) => price);
    return [
      ...[eventsPerSecond, partitions, pollers, invocationsPerSecond, concurrency].map(figure),
      ...parts.map((part) => `${figure(perMonth[part] / millions)}${mark(pricesOf(part))}`),
      ...[total(cost) / millions, total(cost)].map(figure),
    ];
  });
  return noted(markdown([head, head.map(() => '---:'), ...rows]));
};

/** The prices that it is made of. */
export const priceTable = (): string =>
  noted(
    markdown([
      ['US$', 'for', 'AWS’s page', 'seen'],
      ['---:', '---', '---', '---'],
      ...Object.entries(prices).map(([name, { per, source, seen }]) => [
        priceOf(name as PriceName),
        per,
        source,
        seen,
      ]),
    ]),
  );
