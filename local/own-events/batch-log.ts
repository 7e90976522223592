import type { BatchReport } from 'local-kafka-trigger';

/** The counts of an invocation's records, as the function logs them. */
export interface LoggedCounts {
  readonly written: number;
  readonly superseded: number;
  readonly future: number;
  readonly dropped: number;
  readonly failed: number;
  readonly rejected: Readonly<Record<string, number>>;
}

/** An invocation: what the mapping reports of it, and what the function logged. */
export interface HandledBatch {
  readonly report: BatchReport;
  /** Null where the invocation failed as a whole. */
  readonly counts: LoggedCounts | null;
  /** The reason of the first failure; null without one. */
  readonly failure: string | null;
}

export interface BatchLog {
  /** Takes a line of the function's output. */
  line(text: string): void;
  /** Takes the mapping's report of an invocation. */
  report(report: BatchReport): void;
}

interface BatchLine extends LoggedCounts {
  readonly message: 'batch';
  readonly partitions: readonly {
    readonly partition: string;
    readonly first: number;
    readonly failedFrom?: string;
    readonly reason?: string;
  }[];
}

/**
 * Puts together what is known of each invocation, in the order of the reports. A line may come before or after the report of its
 * invocation.
 * @param onOther called with the other lines of the function: warnings and errors.
 */
export const createBatchLog = (
  onBatch: (batch: HandledBatch) => void,
  onOther: (line: string) => void = () => {},
): BatchLog => {
  const lines = new Map<string, BatchLine>();
  const waiting: BatchReport[] = [];
  const flush = (): void => {
    for (let [report] = waiting; report !== undefined; [report] = waiting) {
      const key = keyOf(
        report.partitions.map(({ identifier, firstOffset }) => [identifier, firstOffset]),
      );
      const line = lines.get(key);
      const whole = report.judgement.kind === 'whole' ? report.judgement.why : null;
      if (whole === null && line === undefined) return;
      lines.delete(key);
      waiting.shift();
      const failed = line?.partitions.find(({ failedFrom }) => failedFrom !== undefined);
      const failure = failed === undefined ? null : `${failed.failedFrom}: ${failed.reason}`;
      onBatch({
        report,
        counts: whole === null ? (line ?? null) : null,
        failure: whole ?? failure,
      });
    }
  };
  return {
    line(text) {
      const line = batchLine(text);
      if (line === null) return onOther(text);
      lines.set(keyOf(line.partitions.map(({ partition, first }) => [partition, first])), line);
      flush();
    },
    report(report) {
      waiting.push(report);
      flush();
    },
  };
};

const keyOf = (firsts: readonly (readonly [string, number])[]): string =>
  firsts
    .map((first) => first.join('@'))
    .toSorted()
    .join();

const batchLine = (text: string): BatchLine | null => {
  try {
    const line = JSON.parse(text);
    return line?.message === 'batch' ? line : null;
  } catch {
    return null;
  }
};
