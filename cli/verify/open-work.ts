import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { olderBare } from '../../functions/ingest/schema-registry/create-registry.ts';
import { topicExtents } from '../kafka/topic-extents.ts';
import type { Context } from '../operate/context.ts';
import type { Target } from '../target/target.ts';
import { markItem, readMarks } from '../tasks/marks.ts';
import type { Attribution } from './attribution.ts';
import { Counts } from './counts.ts';
import type { Header } from './findings-file.ts';
import { type FindingsWriter, noFile } from './findings-writer.ts';
import { createJudge } from './judge.ts';
import type { KeptRecords } from './kept-records.ts';
import { OpenRecords } from './open-records.ts';
import { createReadLimit } from './read-limit.ts';
import { createRecordReader } from './rules/record-reader.ts';
import { rowsOf } from './rules/row.ts';
import { schemasOf } from './schemas.ts';
import { openTables } from './tables.ts';
import { readRounds } from './topic-rounds.ts';
import type { Work } from './work.ts';

/** The reads of the database at once. */
const readsAtOnce = 64;

interface WorkOptions {
  readonly context: Pick<Context, 'signal' | 'output'>;
  readonly target: Target;
  readonly header: Header;
  readonly writer?: FindingsWriter;
  readonly counts?: Counts;
  readonly open?: OpenRecords;
  readonly kept: KeptRecords;
  readonly attribution: Attribution;
  /** The reads of the database a second. */
  readonly rate: number;
  /** Prints findings as lines of JSON. */
  readonly json: boolean;
}

/** Puts together what a verification works with. @throws {UserFacingError} where the tables cannot be read. */
export const openWork = async (options: WorkOptions): Promise<Work> => {
  const { context, target, header, kept, attribution, rate, json } = options;
  const { writer = noFile, counts = new Counts(), open = new OpenRecords() } = options;
  const { signal, output } = context;
  const { settings } = target;
  const client = await target.cassandra();
  const connection = await target.kafka();
  const shape = rowsOf(settings);
  const limit = createReadLimit(rate, readsAtOnce, signal);
  const tables = await openTables({ client, keyspace: settings.keyspace, shape, limit, signal });
  return {
    header,
    topic: {
      read: (positions, ends) =>
        readRounds({ connection, topic: header.topic, positions, ends, signal }),
      async ends() {
        const extents = await topicExtents(connection, header.topic);
        return new Map([...extents].map(([partition, { end }]) => [partition, Number(end)]));
      },
    },
    reader: createRecordReader({ ...settings, bare: olderBare() }),
    askForSchema: schemasOf(settings, signal),
    judge: createJudge({
      tables,
      shape,
      settings: header.settings,
      settingsSince: header.settingsSince,
      sawAll: header.partitions.every(({ leadIn }) => leadIn === 0),
      kept,
      redriven: (records) => redrivenTo(target, records, signal),
      now: Date.now(),
    }),
    shape,
    kept,
    writer,
    counts,
    open,
    onFinding(finding) {
      attribution.add(finding);
      if (json) output.print(JSON.stringify(finding));
    },
  };
};

/** Finds the records that `redrive` has marked as written into the tables, by their offsets. */
const redrivenTo = async (
  target: Target,
  records: readonly KafkaRecord[],
  signal: AbortSignal,
): Promise<ReadonlySet<number>> => {
  const named = records.map(({ topic, partition, offset }) => ({
    offset,
    markable: { topic, partition, offset: BigInt(offset) },
  }));
  const marks = await readMarks(
    await target.cassandra(),
    target.settings.keyspace,
    named.map(({ markable }) => markable),
    signal,
  ).catch((error) => {
    // Where there is no table of operations, nothing was redriven.
    if (error instanceof IngestError) return new Map();
    throw error;
  });
  return new Set(
    named
      .filter(({ markable }) => {
        const mark = marks.get(markItem(markable));
        return mark?.state === 'redriven' && mark.to === 'tables';
      })
      .map(({ offset }) => offset),
  );
};
