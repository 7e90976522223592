import type { KafkaRecord } from '../../../functions/ingest/pipeline/kafka-record.ts';
import type { Candidate } from '../candidate.ts';
import type { Verdict } from '../outcome.ts';

/** A record that nothing keeps from being redriven. */
export interface Ready {
  readonly candidate: Candidate;
  readonly record: KafkaRecord;
  /** Which try it is, from 1 on. */
  readonly tries: number;
  /** True where a process of this task was about to send it, and has died: it may have arrived. */
  readonly mayHaveArrived: boolean;
}

/** Where records are redriven to. */
export interface Destination extends AsyncDisposable {
  /** Tells what would become of records, by the function's own code, and writes nothing. */
  forecast(records: readonly Ready[], signal: AbortSignal): Promise<Verdict[]>;
  /** Redrives records, and tells of each what has become of it. A record that cannot be redriven is a verdict, and no error. */
  redrive(records: readonly Ready[], signal: AbortSignal): Promise<Verdict[]>;
}
