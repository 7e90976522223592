import { Metrics } from '@aws-lambda-powertools/metrics';
import type { PartitionResult } from '../pipeline/outcome.ts';
import { countOutcomes, type Effort } from './counts.ts';
import { batchLine, failureLine, warningLine } from './log-lines.ts';
import { batchMetrics, metricsNamespace } from './metrics.ts';
import { publish } from './publish.ts';
import type { Release } from './release.ts';

/**
 * The reporter of the function. It writes one line of JSON a batch, which CloudWatch reads the metrics from, and a line for each
 * failure and warning.
 */
export interface Reporter {
  batch(results: readonly PartitionResult[], effort: Effort): void;
  failure(error: unknown): void;
  warning(warning: Parameters<typeof warningLine>[0]): void;
  /** Writes a line to the log. */
  write(line: object): void;
}

/** Makes a reporter. @param release stands in each line. */
export const createReporter = (release: Release): Reporter => {
  const metrics = new Metrics({ namespace: metricsNamespace });
  const write = (line: object): void => {
    process.stdout.write(`${JSON.stringify({ ...line, ...release })}\n`);
  };
  return {
    batch(results, effort) {
      const counts = countOutcomes(results);
      publish(metrics, batchMetrics(results, counts, effort, Date.now()), {
        ...batchLine(results, counts, effort),
        ...release,
      });
    },
    failure: (error) => write(failureLine(error)),
    warning: (warning) => write(warningLine(warning)),
    write,
  };
};
