import type { RejectedRow } from '../../cli/rejected/row.ts';
import { Attribution } from '../../cli/verify/attribution.ts';
import { Counts } from '../../cli/verify/counts.ts';
import type { Finding, Header, PartitionRange } from '../../cli/verify/findings-file.ts';
import { noFile } from '../../cli/verify/findings-writer.ts';
import { createJudge } from '../../cli/verify/judge.ts';
import { type KeptRecords, nothingKept } from '../../cli/verify/kept-records.ts';
import { noMaximum, toKnown } from '../../cli/verify/maximum.ts';
import { OpenRecords } from '../../cli/verify/open-records.ts';
import type { Values } from '../../cli/verify/rules/read-avro.ts';
import { createRecordReader } from '../../cli/verify/rules/record-reader.ts';
import { standardRows } from '../../cli/verify/rules/row.ts';
import { searchForOthers } from '../../cli/verify/search.ts';
import type { Tables } from '../../cli/verify/tables.ts';
import type { Round } from '../../cli/verify/topic-rounds.ts';
import { verifyRanges } from '../../cli/verify/verify-ranges.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { findingsHeader } from './findings.ts';
import type { MemoryStores } from './memory-stores.ts';

/** The rows of the two tables in memory, which a test may change. */
export interface RowsInMemory {
  /** By the keys of the rows. */
  readonly userEvents: Map<string, Values>;
  /** By the records' places, as `partition@offset`. */
  readonly rejected: Map<string, RejectedRow>;
}

/** Takes the rows that the function's core has written. */
export const rowsOfStores = (stores: MemoryStores): RowsInMemory => ({
  userEvents: new Map(
    [...stores.userEvents.values()].map((event) => {
      const values = event.toObject();
      return [standardRows.key(values), values];
    }),
  ),
  rejected: new Map(
    [...stores.rejected].map(([name, { reason, detail, eventTime = null, watermark = null }]) => {
      const record = stores.rejectedRecords.get(name) as KafkaRecord;
      const { topic, partition, offset, timestamp, key, value, headers } = record;
      const row: RejectedRow = {
        ...{ topic, partition, reason, detail, eventTime, watermark, key, value, headers },
        offset: BigInt(offset),
        rejectedDate: new Date(timestamp).toISOString().slice(0, 10),
        recordTimestamp: timestamp,
        rejectedAt: timestamp,
      };
      return [placeOf(record), row];
    }),
  ),
});

const placeOf = ({ partition, offset }: Pick<KafkaRecord, 'partition' | 'offset'>): string =>
  `${partition}@${offset}`;

const tablesOf = (
  { userEvents, rejected }: RowsInMemory,
  userEventsTtlSeconds: number,
): Tables => ({
  userEventsTtlSeconds,
  eventRow: async (event) => userEvents.get(standardRows.key(event)) ?? null,
  rejectedRows: async (records) =>
    new Map(
      records.flatMap((record) => {
        const row = rejected.get(placeOf(record));
        return row === undefined ? [] : [[record.offset, row] as const];
      }),
    ),
});

interface VerificationOptions {
  /** The records of the topic, by partition in offset order. */
  readonly records: readonly KafkaRecord[];
  readonly rows: RowsInMemory;
  readonly settings?: Partial<Header['settings']>;
  readonly header?: Partial<Header>;
  /** What is particular about each partition’s range. */
  readonly range?: Partial<PartitionRange>;
  /** The records that come together. */
  readonly together?: number;
  readonly kept?: KeptRecords;
  readonly userEventsTtlSeconds?: number;
  /** The records that `redrive` has written into the tables. */
  readonly redriven?: ReadonlySet<number>;
  readonly now?: number;
}

/** Verifies records in memory, with all that a verification is but for Kafka and the database. */
export const verifyInMemory = async ({
  records,
  rows,
  settings = {},
  header: given = {},
  range = {},
  together = 7,
  kept = nothingKept,
  userEventsTtlSeconds = 0,
  redriven = new Set(),
  now = 1_700_000_000_000,
}: VerificationOptions) => {
  const byPartition = Map.groupBy(records, ({ partition }) => partition);
  const base = findingsHeader();
  const header: Header = {
    ...base,
    settings: { ...base.settings, ...settings },
    partitions: [...byPartition].map(([partition, own]) => {
      const end = (own.at(-1)?.offset ?? -1) + 1;
      return {
        ...{ partition, begin: 0, logEnd: end, start: 0, end, leadIn: 0, checkpoint: end },
        maximum: toKnown(noMaximum),
        ...range,
      };
    }),
    ...given,
  };
  const counts = new Counts();
  const attribution = new Attribution();
  const findings: Finding[] = [];
  const work = {
    header,
    topic: {
      async *read(positions: ReadonlyMap<number, number>, ends: ReadonlyMap<number, number>) {
        for (const [partition, own] of byPartition) {
          const wanted = own.filter(
            ({ offset }) =>
              offset >= (positions.get(partition) ?? 0) && offset < (ends.get(partition) ?? 0),
          );
          for (let first = 0; first < wanted.length; first += together) {
            const part = wanted.slice(first, first + together);
            const round: Round = {
              partition,
              records: part.map((record) => ({ record, goneBefore: 0 })),
              next: (part.at(-1)?.offset ?? 0) + 1,
              goneAfter: 0,
              unread: 0,
            };
            yield [round];
          }
        }
      },
      ends: async () =>
        new Map(
          [...byPartition].map(([partition, own]) => [partition, (own.at(-1)?.offset ?? -1) + 1]),
        ),
    },
    reader: createRecordReader({ ...header.settings, bare: [] }),
    askForSchema: async () => ({ kind: 'unknown', isFinal: true }) as const,
    judge: createJudge({
      tables: tablesOf(rows, userEventsTtlSeconds),
      shape: standardRows,
      settings: header.settings,
      settingsSince: header.settingsSince,
      sawAll: header.partitions.every(({ leadIn }) => leadIn === 0),
      kept,
      redriven: async () => redriven,
      now,
    }),
    shape: standardRows,
    kept,
    writer: noFile,
    counts,
    open: new OpenRecords(),
    onFinding(finding: Finding) {
      findings.push(finding);
      attribution.add(finding);
    },
  };
  await verifyRanges(work, null, () => {});
  await searchForOthers(work, () => {});
  return { counts: counts.toJSON(), findings, attribution, header };
};
