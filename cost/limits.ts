import { batchMs, eventBytes, fullBatch, type Load, recordEventBytes } from './load.ts';
import type { Traffic, Workload } from './workload.ts';

/** What a pipeline can run into. */
export interface Limit {
  readonly name: string;
  readonly unit: string;
  /** Published by AWS, or made of what is. */
  readonly allowed: (traffic: Traffic, load: Load, workload: Workload) => number;
  readonly used: (traffic: Traffic, load: Load, workload: Workload) => number;
  /** What moves it. */
  readonly setting: string;
  readonly source: string;
}

const quotas = 'https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html';
const kafkaModes = 'https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html';

/** Rows of a request to Keyspaces: its page "Quotas". */
const rowsOfARequest = 30;
/** The connections of an environment: two for each of the three hosts that a VPC endpoint shows (cassandra/connection/client-options.ts). */
const connections = 6;
const writeUnits = ({ rowBytes }: Workload): number => Math.ceil(rowBytes / 1024);

export const limits: readonly Limit[] = [
  {
    name: 'a partition’s records, one batch at a time',
    unit: 'events/s',
    used: ({ eventsPerSecond }) => eventsPerSecond,
    allowed: ({ partitions }, _, workload) => {
      const full = fullBatch(workload);
      return (partitions * full * 1000) / batchMs(full, workload);
    },
    setting: 'more partitions; `function.memory`; `mapping.batchSize`',
    source: kafkaModes,
  },
  {
    name: 'event pollers of a mapping',
    unit: 'pollers',
    used: (_, { pollers }) => pollers,
    allowed: () => 2_000,
    setting: '`mapping.pollers.maximum`, up to this; then a second topic',
    source: kafkaModes,
  },
  {
    name: 'an event of 6 MB',
    unit: 'bytes',
    used: (_, { recordsOfABatch }, workload) => recordsOfABatch * recordEventBytes(workload),
    allowed: () => eventBytes,
    setting: 'none is needed: batches are cut there, and cost more each',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  {
    name: 'concurrent executions of an account',
    unit: 'invocations',
    used: (_, { concurrency }) => concurrency,
    allowed: () => 1_000,
    setting: 'a quota to raise; `function.memory`, `mapping.batchSize`',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  {
    name: 'writes to a new table on demand, at once',
    unit: 'write units/s',
    used: ({ eventsPerSecond }, _, workload) => eventsPerSecond * writeUnits(workload),
    allowed: () => 4_000,
    setting: 'warm throughput, or provisioned capacity; it doubles within 30 minutes by itself',
    source: quotas,
  },
  {
    name: 'writes to a table',
    unit: 'write units/s',
    used: ({ eventsPerSecond }, _, workload) => eventsPerSecond * writeUnits(workload),
    allowed: () => 40_000,
    setting: 'a quota to raise',
    source: quotas,
  },
  {
    name: 'requests of a connection',
    unit: 'requests/s',
    used: (_, { recordsOfABatch, secondsOfABatch }) =>
      recordsOfABatch / rowsOfARequest / secondsOfABatch / connections,
    allowed: () => 3_000,
    setting:
      'the endpoint’s EC2 grants, without which there is one host and a third of the connections',
    source: 'https://docs.aws.amazon.com/keyspaces/latest/devguide/connections.html',
  },
];
