import { BatchFailedError } from '../pipeline/errors.ts';
import { firstFailed, type PartitionResult } from '../pipeline/outcome.ts';

/** Lambda's partial batch response for Kafka. */
export interface BatchResponse {
  readonly batchItemFailures: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}

/**
 * For each partition the first failed record and every later one of the batch, under the key of `records` that they
 * came in under: right whether those items alone are retried or all from the lowest on, and AWS fails the whole batch
 * on an identifier that it does not know.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export const toBatchResponse = (results: readonly PartitionResult[]): BatchResponse => ({
  batchItemFailures: results.flatMap(({ batch, outcomes }) => {
    const failed = firstFailed(outcomes);
    return (failed === -1 ? [] : batch.records.slice(failed)).map(({ offset }) => ({
      itemIdentifier: { partition: batch.identifier, offset },
    }));
  }),
});

/**
 * Answers an event source mapping on demand, which takes a report of failed records for success.
 * @throws {BatchFailedError} where any record has failed.
 */
export const toAllOrNothingResponse = (results: readonly PartitionResult[]): BatchResponse => {
  const response = toBatchResponse(results);
  const failed = response.batchItemFailures.length;
  if (failed > 0)
    throw new BatchFailedError(
      `${failed} records have failed, and PARTIAL_RESPONSES is off: the whole batch must come again`,
    );
  return response;
};
