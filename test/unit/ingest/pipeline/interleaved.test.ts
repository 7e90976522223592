import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { toPartitionBatches } from '../../../../functions/ingest/kafka/to-partition-batches.ts';
import { TransientError } from '../../../../functions/ingest/pipeline/errors.ts';
import type { PartitionResult } from '../../../../functions/ingest/pipeline/outcome.ts';
import { encode } from '../../../support/avro.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';

// Lambda may call one process with several batches at once. Nothing of one may reach another.

const t0 = 1_700_000_000_000;

/** What a record holds: no value, no Avro, or an event of a user at a time, whose keys collide now and then. */
const content = fc.oneof(
  fc.constantFrom('tombstone' as const, 'garbage' as const),
  fc.record({ user: fc.nat(3), time: fc.nat(20), text: fc.string({ unit: 'binary' }) }),
  fc.record({ user: fc.nat(3), time: fc.nat(20), text: fc.string({ unit: 'binary' }) }),
);
type Content = typeof content extends fc.Arbitrary<infer T> ? T : never;

/** The value of a record, in base64. Each partition has users of its own: writes of one row by two partitions have no order. */
const base64Of = (given: Content, partition: number): string | undefined => {
  if (given === 'tombstone') return undefined;
  if (given === 'garbage') return Buffer.from('no Avro').toString('base64');
  return encode({
    user_id: `11111111-1111-4111-8111-0000000000${partition}${given.user}`,
    event_time: t0 + given.time * 5_000,
    metadata: { text: given.text },
  }).toString('base64');
};

/** The Kafka event of one partition, as Lambda hands it over. */
const kafkaEvent = (contents: readonly Content[], partition: number): unknown => ({
  eventSource: 'aws:kafka',
  records: {
    [`events-${partition}`]: contents.map((one, offset) => ({
      topic: 'events',
      partition,
      offset,
      timestamp: t0 + offset * 5_000,
      value: base64Of(one, partition),
    })),
  },
});

const became = (results: readonly PartitionResult[]) =>
  results.map(({ outcomes, checkpoint }) => ({ outcomes, checkpoint }));

const contentsOf = ({ userEvents, rejected, checkpoints }: MemoryStores) => ({
  userEvents: new Map([...userEvents].map(([key, event]) => [key, event.toObject()])),
  rejected,
  checkpoints,
});

test('invocations that overlap in one process leave in the tables what they leave one after the other', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(content, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 4 }),
      fc.infiniteStream(fc.nat(4)),
      async (partitions, waits) => {
        const events = partitions.map(kafkaEvent);
        const inTurn = new MemoryStores();
        const expected: ReturnType<typeof became>[] = [];
        const one = ingestWith(inTurn);
        for (const event of events) expected.push(became(await one(toPartitionBatches(event))));

        const overlapping = new MemoryStores();
        overlapping.before = async () => {
          for (let wait = waits.next().value; wait > 0; wait -= 1) await setImmediate();
        };
        const all = ingestWith(overlapping);
        const results = await Promise.all(
          events.map(async (event) => became(await all(toPartitionBatches(event)))),
        );
        deepStrictEqual(results, expected);
        deepStrictEqual(contentsOf(overlapping), contentsOf(inTurn));
      },
    ),
    { numRuns: 100 },
  ));

test('a request that is tried again is counted for its own invocation, and for none beside it', async () => {
  const stores = new MemoryStores();
  let failures = 2;
  stores.before = (effect) => {
    if (effect.kind !== 'read-checkpoint' || effect.partition.partition !== 1 || failures === 0)
      return;
    failures -= 1;
    throw new TransientError('the database is busy');
  };
  const ingest = ingestWith(stores);
  const results = await Promise.all(
    [0, 1, 2].map((partition) => ingest(toPartitionBatches(kafkaEvent(['tombstone'], partition)))),
  );
  deepStrictEqual(
    results.flat().map(({ transientFailures }) => transientFailures),
    [0, 2, 0],
  );
});
