import { countOutcomes } from '../functions/ingest/observability/counts.ts';
import { batchMetrics } from '../functions/ingest/observability/metrics.ts';
import { loadOf } from './load.ts';
import { prices } from './prices.ts';
import type { Traffic, Workload } from './workload.ts';

const hoursOfAMonth = 730;
const secondsOfAMonth = hoursOfAMonth * 3600;
/** Pollers of a unit, and its MB/s: https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html */
const unit = { pollers: 10, bytesPerSecond: 20e6 };
/** Reasons of rejected records that a month shows, each with a metric of its own. */
const shownReasons = 6;
const noEffort = { durationMs: 0, transientFailures: 0, concurrency: 0 };
/** The function's own metrics. */
const metrics = batchMetrics([], countOutcomes([]), noEffort, 0).length + shownReasons;
/** Metrics that a stage's alarms watch, each part of an expression counted; test/infra/alarms.test.ts counts them in a template. */
export const alarmedMetrics = 17;
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

/** What a topic of this traffic costs, from its pollers to its rows; the Kafka cluster itself is not in it. */
export const costOf = (traffic: Traffic, workload: Workload): Cost => {
  const { eventsPerSecond, partitions } = traffic;
  const { memoryMb, recordBytes, rowBytes } = workload;
  const { pollers, invocationsPerSecond, secondsOfABatch, partitionsOfABatch } = loadOf(
    traffic,
    workload,
  );
  const units = Math.max(
    Math.ceil(pollers / unit.pollers),
    Math.ceil((eventsPerSecond * recordBytes * (4 / 3)) / unit.bytesPerSecond),
  );
  const millions = (eventsPerSecond * secondsOfAMonth) / 1e6;
  const perSecond = {
    Lambda:
      invocationsPerSecond *
      (prices.lambdaRequest.usd + secondsOfABatch * (memoryMb / 1024) * prices.lambdaGbSecond.usd),
    Keyspaces:
      eventsPerSecond * Math.ceil(rowBytes / 1024) * prices.keyspacesWrite.usd +
      invocationsPerSecond *
        partitionsOfABatch *
        (prices.keyspacesWrite.usd + prices.keyspacesRead.usd),
    logs:
      (invocationsPerSecond *
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
