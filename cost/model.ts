import { prices } from './prices.ts';
import type { Traffic, Workload } from './workload.ts';

const hoursOfAMonth = 730;
const secondsOfAMonth = hoursOfAMonth * 3600;
/** MB of memory with which a function has one whole core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const mbOfACore = 1769;
/** https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html */
const poller = { megabytesPerSecond: 5, invocationsAtOnce: 5, perUnit: 10 };
const unitMegabytesPerSecond = 20;
/** The function's own (functions/ingest/metrics.ts), with the reasons that a year shows; alarmed ones with their parts. */
const metrics = 18;
const alarmedMetrics = 16;
const gigabyte = 1e9;

/** US dollars. */
export interface Cost {
  readonly eventsPerSecond: number;
  readonly partitions: number;
  readonly pollers: number;
  readonly perMillion: Readonly<Record<Part, number>>;
  readonly total: number;
  readonly perMonth: number;
}

export const parts = [
  'event pollers',
  'Lambda',
  'Keyspaces',
  'CloudWatch',
  'one month kept',
] as const;
type Part = (typeof parts)[number];

/** Milliseconds that a batch of so many records takes in a function of so much memory, if it waits for its own work. */
const batchMs = (
  records: number,
  { memoryMb, batchCpuMs, batchWallMs, batchSize }: Workload,
): number => {
  const share = Math.min(1, memoryMb / mbOfACore);
  return (Math.max(batchCpuMs / share, batchWallMs) * records) / batchSize;
};

/** What a topic of this traffic costs, from its pollers to its rows; the Kafka cluster itself is not in it. */
export const costOf = ({ eventsPerSecond, partitions }: Traffic, workload: Workload): Cost => {
  const { batchSize, batchingWindowSeconds, memoryMb, recordBytes, rowBytes } = workload;
  const megabytes = (eventsPerSecond * recordBytes * (4 / 3)) / 1e6;
  const fullBatchesPerPoller = (poller.invocationsAtOnce * 1000) / batchMs(batchSize, workload);
  const pollers = Math.max(
    1,
    Math.ceil(megabytes / poller.megabytesPerSecond),
    Math.ceil(eventsPerSecond / batchSize / fullBatchesPerPoller),
  );
  const units = Math.max(
    Math.ceil(pollers / poller.perUnit),
    Math.ceil(megabytes / unitMegabytesPerSecond),
  );
  // A poller sends a batch when it is full, or when the window is over and there is anything.
  const invocations = Math.max(
    eventsPerSecond / batchSize,
    Math.min(eventsPerSecond, pollers / Math.max(batchingWindowSeconds, 0.5)),
  );
  const records = eventsPerSecond / invocations;
  const partitionsOfABatch = Math.min(partitions / pollers, records);
  const millions = (eventsPerSecond * secondsOfAMonth) / 1e6;
  const perSecond = {
    Lambda:
      invocations *
      (prices.lambdaRequest.usd +
        (batchMs(records, workload) / 1000) * (memoryMb / 1024) * prices.lambdaGbSecond.usd),
    Keyspaces:
      eventsPerSecond * Math.ceil(rowBytes / 1024) * prices.keyspacesWrite.usd +
      invocations * partitionsOfABatch * (prices.keyspacesWrite.usd + prices.keyspacesRead.usd),
    logs:
      (invocations *
        (workload.logLineBytes +
          workload.logLineBytesOfPartition * Math.max(0, partitionsOfABatch - 1)) *
        prices.logs.usd) /
      gigabyte,
  };
  const perMonth = {
    'event pollers': units * hoursOfAMonth * prices.eventPollerUnit.usd,
    Lambda: perSecond.Lambda * secondsOfAMonth,
    Keyspaces: perSecond.Keyspaces * secondsOfAMonth,
    CloudWatch:
      perSecond.logs * secondsOfAMonth +
      metrics * prices.metric.usd +
      alarmedMetrics * prices.alarm.usd +
      prices.dashboard.usd,
    'one month kept':
      ((millions * 1e6 * rowBytes) / gigabyte) *
      (prices.keyspacesStorage.usd + prices.keyspacesRecovery.usd),
  };
  const total = Object.values(perMonth).reduce((sum, part) => sum + part, 0);
  return {
    eventsPerSecond,
    partitions,
    pollers,
    perMillion: Object.fromEntries(
      parts.map((part) => [part, perMonth[part] / millions]),
    ) as Cost['perMillion'],
    total: total / millions,
    perMonth: total,
  };
};

/** US dollars an hour of the demo stack, its few events included in none: brokers, their disks, a poller unit. */
export const demoPerHour =
  2 * prices.mskSmallBroker.usd +
  (2 * 10 * prices.mskStorage.usd) / hoursOfAMonth +
  prices.eventPollerUnit.usd;
