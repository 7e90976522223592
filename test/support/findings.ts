import type { Finding, Header, Line } from '../../cli/verify/findings-file.ts';

/** Makes the header of a findings file, and what a test changes of it. */
export const findingsHeader = (given: Partial<Header> = {}): Header => ({
  type: 'verify',
  version: 1,
  topic: 'events',
  group: 'group',
  keyspace: 'keyspace',
  target: 'a test',
  began: '2026-11-29T12:00:00.000Z',
  from: null,
  to: null,
  sample: 1,
  settingsSince: null,
  settings: {
    outOfOrdernessMs: 120_000,
    latenessRule: 'running',
    lateEvents: 'keep',
    maxFutureMs: 120_000,
    earliestEventTime: -62_135_596_800_000,
    latestEventTime: 253_402_300_799_999,
    bucket: 'day',
    eventIdInKey: false,
    rejectedTtlSeconds: 2_592_000,
    wireFormat: 'auto',
  },
  partitions: [],
  ...given,
});

/** Makes the finding of a record of partition 0 that no table has. */
export const missing = (offset: number): Finding => ({
  type: 'finding',
  partition: 0,
  offset,
  timestamp: 1_000,
  kind: 'missing',
  why: 'no table has it',
  maximum: { low: 900, high: 900 },
});

/** Writes lines as a findings file has them. */
export const findingsText = (lines: readonly Line[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');
