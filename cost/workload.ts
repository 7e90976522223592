/** What the cost table is computed for. */
export const workload = {
  /** Bytes of the demo's records (functions/produce), with one entry of metadata. */
  recordBytes: 105,
  /**
   * Bytes of a row with four entries of metadata, by Keyspaces' rule for sizes, without TTL.
   * https://docs.aws.amazon.com/keyspaces/latest/devguide/calculating-row-size.html
   */
  rowBytes: 211,
  batchSize: 1000,
  batchingWindowSeconds: 1,
  memoryMb: 512,
  /** Milliseconds for a batch of 1,000, on a whole core of this project's machine: `npm run batch`, 2026-11-25. */
  batchCpuMs: 0,
  batchWallMs: 0,
  /** Bytes of an invocation's log line: with one partition, and for each further one. Measured on the tests' lines. */
  logLineBytes: 1000,
  logLineBytesOfPartition: 110,
  /** The traffic, in events a second, each with the partitions that such a topic has. */
  traffic: [
    { eventsPerSecond: 10, partitions: 3 },
    { eventsPerSecond: 1000, partitions: 12 },
    { eventsPerSecond: 10_000, partitions: 48 },
    { eventsPerSecond: 100_000, partitions: 240 },
  ],
} as const;

export type Workload = Omit<typeof workload, 'batchCpuMs' | 'batchWallMs'> & {
  readonly batchCpuMs: number;
  readonly batchWallMs: number;
};
