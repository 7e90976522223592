import { Metrics } from '@aws-lambda-powertools/metrics';
import type { PartitionResult } from '../pipeline/outcome.ts';
import { countOutcomes, type Effort } from './counts.ts';
import { batchLine, failureLine, warningLine } from './log-lines.ts';
import { batchMetrics, metricsNamespace } from './metrics.ts';
import { publish } from './publish.ts';

/** Tells what the function does: one line of JSON a batch, which CloudWatch reads its metrics from, and one for each failure and warning. */
export interface Reporter {
  batch(results: readonly PartitionResult[], effort: Effort): void;
  failure(error: unknown): void;
  warning(warning: Parameters<typeof warningLine>[0]): void;
  /** Writes a line of the log. */
  write(line: object): void;
}

export const createReporter = (): Reporter => {
  const metrics = new Metrics({ namespace: metricsNamespace });
  const write = (line: object): void => {
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  return {
    batch(results, effort) {
      const counts = countOutcomes(results);
      publish(
        metrics,
        batchMetrics(results, counts, effort, Date.now()),
        batchLine(results, counts, effort),
      );
    },
    failure: (error) => write(failureLine(error)),
    warning: (warning) => write(warningLine(warning)),
    write,
  };
};
