import { deepStrictEqual, doesNotMatch, ok, strictEqual } from 'node:assert/strict';
import { eventRows } from '../../functions/ingest/cassandra/rows/event-rows.ts';
import { checkpointValues } from '../../functions/ingest/cassandra/rows/partition-watermarks.ts';
import { rejectedEventValues } from '../../functions/ingest/cassandra/rows/rejected-events.ts';
import { isReadable } from '../../functions/ingest/event/readable-time.ts';
import { toBatchResponse } from '../../functions/ingest/kafka/to-batch-response.ts';
import { toPartitionBatches } from '../../functions/ingest/kafka/to-partition-batches.ts';
import { NotAKafkaEventError, UnavailableError } from '../../functions/ingest/pipeline/errors.ts';
import { at, nameOf, type PartitionBatch } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { PartitionResult } from '../../functions/ingest/pipeline/outcome.ts';
import { layoutOf } from '../support/events.ts';
import { ingestWith } from '../support/ingest-with.ts';
import { type Effect, MemoryStores } from '../support/memory-stores.ts';
import { canary } from './event-json.ts';

/**
 * Checks a law: any event is read correctly, or fails as no Kafka event with a sentence that repeats none of it. Each of its
 * records has one outcome, with the row of that outcome. The response names only the failed records. Every value can be
 * encoded for the database, with times that every driver reads.
 * @param failing the numbers of the store's calls that fail.
 * @returns the fate of the event.
 */
export const becomesOutcomes = async (
  text: string,
  failing: readonly number[] = [],
): Promise<string[]> => {
  const event: unknown = JSON.parse(text);
  const batches = readBatches(event);
  deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), prototypeNames);
  if (batches === null) return ['no Kafka event'];
  areOf(event as SentEvent, text.length, batches);

  const stores = new MemoryStores();
  let calls = 0;
  const took = { 'user-event': 0, rejected: 0, checkpoint: 0, 'read-checkpoint': 0 };
  stores.before = (effect) => {
    encode(effect);
    calls += 1;
    if (failing.includes(calls)) throw new UnavailableError('down');
    took[effect.kind] += 1;
  };
  const results = await ingestWith(stores)(batches);
  deepStrictEqual(
    results.map(({ batch }) => batch),
    batches,
  );
  for (const result of results) tellsOfRows(result, stores);
  const kinds = results.flatMap(({ outcomes }) => outcomes.map(({ kind }) => kind));
  const count = (wanted: string): number => kinds.filter((kind) => kind === wanted).length;
  const rows = [took['user-event'], took.rejected];
  // Rows after a failed record of their partition are written again by the redelivery.
  if (count('failed') === 0) deepStrictEqual(rows, [count('written'), count('rejected')]);
  deepStrictEqual(
    toBatchResponse(results).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    results.flatMap(({ batch, outcomes }) =>
      batch.records
        .filter((_, index) => outcomes[index]?.kind === 'failed')
        .map(({ offset }) => ({ partition: batch.identifier, offset })),
    ),
  );
  return results.flatMap(({ outcomes }) =>
    outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind)),
  );
};

const prototypeNames = Object.getOwnPropertyNames(Object.prototype);

/** The shape of an accepted event. */
interface SentEvent {
  readonly records: Readonly<Record<string, readonly { readonly offset: number }[]>>;
}

const readBatches = (event: unknown): PartitionBatch[] | null => {
  try {
    return toPartitionBatches(event);
  } catch (error) {
    ok(error instanceof NotAKafkaEventError, error instanceof Error ? error : String(error));
    doesNotMatch(error.message, new RegExp(canary));
    ok(error.message.length < 1_000, `a message of ${error.message.length} characters`);
    return null;
  }
};

/** Checks that the batches have every record of the event once, in its order, by partition, and no more bytes than were sent. */
const areOf = ({ records }: SentEvent, length: number, batches: readonly PartitionBatch[]) => {
  deepStrictEqual(
    batches.map((batch) => [batch.identifier, batch.records.map(({ offset }) => offset)]),
    Object.entries(records)
      .filter(([, list]) => list.length > 0)
      .map(([identifier, list]) => [identifier, list.map(({ offset }) => offset)]),
  );
  strictEqual(new Set(batches.map(nameOf)).size, batches.length);
  const all = batches.flatMap((batch) => batch.records);
  strictEqual(new Set(all.map(at)).size, all.length);
  const bytes = all.flatMap(({ key, value, headers }) => [
    ...[key, value].map((part) => part?.length ?? 0),
    ...headers.map((header) => header.value?.length ?? 0),
  ]);
  ok(bytes.reduce((sum, count) => sum + count, 0) <= length);
};

const rowsByHour = eventRows(layoutOf({ bucket: 'hour' }));

/** Throws if a value has no encoding, or some driver cannot read a time. */
const encode = (effect: Effect): void => {
  if (effect.kind === 'user-event') {
    ok(isReadable(effect.event.eventTime));
    const rows = rowsByHour([{ event: effect.event }]);
    strictEqual(rows.values(0).length, rows.columns);
  } else if (effect.kind === 'rejected') {
    const values = rejectedEventValues(effect.record, effect.rejection, 0, 0);
    const [, day, , , , , eventTime, watermark, recordTimestamp] = values;
    const daysAfterEpoch = (day?.readUInt32BE() ?? 0) - 2 ** 31;
    ok(isReadable(daysAfterEpoch * 86_400_000));
    for (const time of [eventTime, watermark, recordTimestamp])
      ok(time == null || isReadable(Number(time.readBigInt64BE())));
  } else {
    const checkpoint = { nextOffset: 0, maxEventTime: null, earlier: new Map() };
    checkpointValues('group', effect.partition, checkpoint, 0);
  }
};

const tellsOfRows = ({ batch, outcomes }: PartitionResult, stores: MemoryStores): void => {
  strictEqual(outcomes.length, batch.records.length);
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind === 'rejected')
      strictEqual(
        stores.rejected.get(at(batch.records[index] ?? batch.records[0]))?.reason,
        outcome.reason,
      );
    if (outcome.kind === 'superseded') {
      const by = batch.records.findIndex(({ offset }) => offset === outcome.by);
      // The record was written, but is redelivered together with the failed record before it.
      ok(by > index && ['written', 'failed'].includes(outcomes[by]?.kind ?? ''));
    }
  }
};
