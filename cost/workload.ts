import { demoSizes } from './demo-sizes.ts';

/** What a cost is computed for. */
export interface Workload {
  /** Bytes of a record's value. */
  readonly recordBytes: number;
  /** Bytes of a row, by Keyspaces' rule for sizes. */
  readonly rowBytes: number;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly memoryMb: number;
  /** Milliseconds of a batch, on a whole core: of processing, and from event to response. */
  readonly batchCpuMs: number;
  readonly batchWallMs: number;
  /** Bytes of an invocation's log line with one partition, and for each further one. */
  readonly logLineBytes: number;
  readonly logLineBytesOfPartition: number;
  readonly traffic: readonly Traffic[];
}

/** A topic's events a second, and the partitions that it has. */
export interface Traffic {
  readonly eventsPerSecond: number;
  readonly partitions: number;
}

/** Bytes of a record and a row of the demo, in fifties: other topics' sizes differ by more, and a small field more changes no table. */
const sizes = demoSizes();
const toFifties = (bytes: number): number => Math.round(bytes / 50) * 50;

/** The cost table's. */
export const workload: Workload = {
  recordBytes: toFifties(sizes.record),
  rowBytes: toFifties(sizes.row),
  batchSize: 1000,
  batchingWindowSeconds: 1,
  memoryMb: 512,
  // `npm run bench:batch`, 2026-11-26, on two quiet cores of an AMD EPYC. Lambda's arm64 is another core.
  batchCpuMs: 5.7,
  batchWallMs: 20.7,
  logLineBytes: 1011,
  // Where it stands, and its three times.
  logLineBytesOfPartition: 130,
  traffic: [
    { eventsPerSecond: 10, partitions: 3 },
    { eventsPerSecond: 1000, partitions: 12 },
    { eventsPerSecond: 10_000, partitions: 48 },
    { eventsPerSecond: 100_000, partitions: 240 },
  ],
};
