import type { InvokeResult } from '../function/invoke-result.ts';

/** The delivered records of one topic-partition, in offset order. */
export interface DeliveredPartition {
  readonly identifier: string;
  readonly records: readonly { readonly offset: number }[];
}

/** The judgement of an invocation, by Lambda's rules. */
export type BatchJudgement =
  | { readonly kind: 'success' }
  /** The failed offsets of each partition that has any. */
  | { readonly kind: 'partial'; readonly failed: ReadonlyMap<string, ReadonlySet<number>> }
  | { readonly kind: 'whole'; readonly why: string };

/**
 * Judges an invocation by Lambda's rules. AWS does not document a response that is no object: the whole batch then fails here, so
 * that the mistake is noticed before it loses records on AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export const judgeResult = (
  result: InvokeResult,
  delivered: readonly DeliveredPartition[],
): BatchJudgement => {
  if (result.kind === 'error')
    return { kind: 'whole', why: `${result.errorType}: ${result.errorMessage}` };
  let response: unknown;
  try {
    response = JSON.parse(result.payload);
  } catch {
    return whole('the response is not JSON');
  }
  if (response === null) return { kind: 'success' };
  if (!isObject(response)) return whole('the response is not a JSON object');
  const failures = response['batchItemFailures'];
  if (failures === undefined || failures === null) return { kind: 'success' };
  if (!Array.isArray(failures)) return whole('batchItemFailures is not an array');
  return failures.length === 0 ? { kind: 'success' } : judgeIdentifiers(failures, delivered);
};

const judgeIdentifiers = (
  failures: readonly unknown[],
  delivered: readonly DeliveredPartition[],
): BatchJudgement => {
  const offsets = new Map(
    delivered.map(({ identifier, records }) => [
      identifier,
      new Set(records.map(({ offset }) => offset)),
    ]),
  );
  const failed = new Map<string, Set<number>>();
  for (const [index, failure] of failures.entries()) {
    const identifier = isObject(failure) ? failure['itemIdentifier'] : undefined;
    if (!isObject(identifier)) return whole(`batchItemFailures[${index}] has no itemIdentifier`);
    const { partition, offset } = identifier;
    if (typeof partition !== 'string' || typeof offset !== 'number')
      return whole(`batchItemFailures[${index}] names no partition and offset`);
    if (offsets.get(partition)?.has(offset) !== true)
      return whole(`batchItemFailures[${index}] names a record that was not in the event`);
    const ofPartition = failed.get(partition) ?? new Set();
    failed.set(partition, ofPartition.add(offset));
  }
  return { kind: 'partial', failed };
};

/**
 * The two possible meanings of a partial failure. AWS says "just those specific items" and, of Kinesis, "all records from the
 * lowest"; a function must be right under both.
 */
export type PartialFailureReading = 'failed-only' | 'from-lowest';

/** Selects the records of one delivered partition that are delivered again, in offset order. */
export const toRetry = <Item extends { readonly offset: number }>(
  part: { readonly identifier: string; readonly records: readonly Item[] },
  judgement: BatchJudgement,
  reading: PartialFailureReading,
): readonly Item[] => {
  if (judgement.kind === 'success') return [];
  if (judgement.kind === 'whole') return part.records;
  const failed = judgement.failed.get(part.identifier) ?? new Set();
  if (reading === 'failed-only') return part.records.filter(({ offset }) => failed.has(offset));
  const lowest = part.records.findIndex(({ offset }) => failed.has(offset));
  return lowest === -1 ? [] : part.records.slice(lowest);
};

/**
 * Finds the offset at which a partition may be committed: its first unsuccessful record, or the offset after the batch. Kafka
 * keeps one number a partition, so that a success above a failure cannot be committed.
 */
export const committableOffset = (
  unsuccessful: readonly { readonly offset: number }[],
  nextOffset: number,
): number => unsuccessful[0]?.offset ?? nextOffset;

const whole = (why: string): BatchJudgement => ({ kind: 'whole', why });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
