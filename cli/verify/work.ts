import type { Counts } from './counts.ts';
import type { Finding, Header } from './findings-file.ts';
import type { FindingsWriter } from './findings-writer.ts';
import type { Judge } from './judge.ts';
import type { KeptRecords } from './kept-records.ts';
import type { OpenRecords } from './open-records.ts';
import type { RecordReader } from './rules/record-reader.ts';
import type { RowShape } from './rules/row.ts';
import type { AskForSchema } from './schemas.ts';
import type { Round } from './topic-rounds.ts';

/** The topic, as a verification reads it. */
interface TopicToVerify {
  /** Reads partitions from some offsets up to others, which are left out. */
  readonly read: (
    positions: ReadonlyMap<number, number>,
    ends: ReadonlyMap<number, number>,
  ) => AsyncIterable<Round[]>;
  /** Asks for the offsets after the last records by now. */
  readonly ends: () => Promise<ReadonlyMap<number, number>>;
}

/** What a verification works with. */
export interface Work {
  readonly header: Header;
  readonly topic: TopicToVerify;
  readonly reader: RecordReader;
  readonly askForSchema: AskForSchema;
  readonly judge: Judge;
  readonly shape: RowShape;
  readonly kept: KeptRecords;
  readonly writer: FindingsWriter;
  readonly counts: Counts;
  readonly open: OpenRecords;
  readonly onFinding: (finding: Finding) => void;
}
