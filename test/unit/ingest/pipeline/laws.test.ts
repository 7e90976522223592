import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toBatchResponse } from '../../../../functions/ingest/kafka/to-batch-response.ts';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import { at, type KafkaRecord } from '../../../../functions/ingest/pipeline/kafka-record.ts';
import type { Outcome } from '../../../../functions/ingest/pipeline/outcome.ts';
import { encode } from '../../../support/avro.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, record } from '../../../support/records.ts';

const t0 = 1_700_000_000_000;

/** Streams of one partition: steps of time with events behind, ahead, colliding, broken, and gaps of offsets. */
const stream = fc
  .array(
    fc.record({
      kind: fc.constantFrom('event', 'event', 'event', 'event', 'future', 'tombstone', 'garbage'),
      time: fc.integer({ min: -30_000, max: 30_000 }),
      user: fc.integer({ min: 0, max: 3 }),
      gap: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let offset = -1;
    return steps.map(({ kind, time, user, gap }, index): KafkaRecord => {
      offset += gap;
      const timestamp = t0 + index * 5_000;
      const ahead = kind === 'future' ? 400_000 : 0;
      const event = {
        user_id: `11111111-1111-4111-8111-00000000000${user}`,
        // Coarse times, so that keys collide.
        event_time: Math.round((timestamp + time + ahead) / 10_000) * 10_000,
        event_id: `22222222-2222-4222-8222-${String(index).padStart(12, '0')}`,
      };
      const value = kind === 'tombstone' ? null : kind === 'garbage' ? Buffer.of(1) : encode(event);
      return record({ offset, timestamp, value });
    });
  });

/** Sizes of batches, taken in turn. */
const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 });

const cut = (records: readonly KafkaRecord[], sizes: readonly number[]): KafkaRecord[][] => {
  const batches: KafkaRecord[][] = [];
  for (let start = 0, turn = 0; start < records.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    batches.push(records.slice(start, start + size));
    start += size;
  }
  return batches;
};

/** What each record became; a superseded one counts as written, for which of them is depends on the cut. */
const verdictOf = (outcome: Outcome): string =>
  outcome.kind === 'rejected'
    ? outcome.reason
    : outcome.kind === 'superseded'
      ? 'written'
      : outcome.kind;

const run = async (batches: readonly KafkaRecord[][], together = 1) => {
  const stores = new MemoryStores();
  stores.together = together;
  const ingest = ingestWith(stores);
  const verdicts = new Map<string, string>();
  for (const records of batches) {
    const [result] = await ingest([batch(records)]);
    for (const [index, outcome] of (result?.outcomes ?? []).entries())
      verdicts.set(at(records[index] as KafkaRecord), verdictOf(outcome));
  }
  return { stores, verdicts };
};

/** The rows of `user_events`, as their values, by their keys. */
const rowsOf = ({ userEvents }: MemoryStores) =>
  new Map(
    [...userEvents]
      .map(([key, event]) => [key, event.toObject()] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

test('verdicts, rows and the last checkpoint’s maximum do not depend on how records are cut into batches', async () => {
  await fc.assert(
    fc.asyncProperty(stream, cuts, cuts, async (records, one, other) => {
      const a = await run(cut(records, one));
      const b = await run(cut(records, other), other[0]);
      deepStrictEqual(a.verdicts, b.verdicts);
      deepStrictEqual(rowsOf(a.stores), rowsOf(b.stores));
      deepStrictEqual(a.stores.rejected, b.stores.rejected);
      const [left, right] = [a, b].map(({ stores }) => stores.checkpoints.get('events-0'));
      strictEqual(left?.maxEventTime, right?.maxEventTime);
      strictEqual(left?.nextOffset, right?.nextOffset);
    }),
  );
});

test('a redelivered batch repeats its verdicts, also from up to eight batches back', async () => {
  await fc.assert(
    fc.asyncProperty(stream, cuts, fc.integer({ min: 1, max: 8 }), async (records, sizes, back) => {
      const batches = cut(records, sizes);
      const stores = new MemoryStores();
      const ingest = ingestWith(stores);
      const first = new Map<string, string>();
      const deliver = async (delivered: KafkaRecord[]) => {
        const [result] = await ingest([batch(delivered)]);
        return (result?.outcomes ?? []).map(verdictOf);
      };
      for (const delivered of batches)
        for (const [index, verdict] of (await deliver(delivered)).entries())
          first.set(at(delivered[index] as KafkaRecord), verdict);
      // A crash: everything since some batch comes again, in order.
      for (const delivered of batches.slice(-back)) {
        const again = await deliver(delivered);
        deepStrictEqual(
          again,
          delivered.map((one) => first.get(at(one))),
        );
      }
    }),
  );
});

/** Calls of the store that fail, by their number. */
const failures = fc.uniqueArray(fc.nat(80), { maxLength: 12 });

test('under any failures every record has one outcome, the checkpoint passes no unhandled record, its maximum never falls, and the response names records of the event from the first failed on', async () => {
  await fc.assert(
    fc.asyncProperty(stream, cuts, failures, async (records, sizes, failing) => {
      const stores = new MemoryStores();
      let call = 0;
      stores.before = () => {
        call += 1;
        if (failing.includes(call - 1)) throw new UnavailableError('down');
      };
      const ingest = ingestWith(stores);
      const handled = new Set<string>();
      let highest = Number.NEGATIVE_INFINITY;
      for (const delivered of cut(records, sizes)) {
        // Delivered until it succeeds, as the event source mapping does: the failed ones alone.
        for (let rest = delivered; rest.length > 0; ) {
          const results = await ingest([batch(rest)]);
          const [result] = results;
          strictEqual(result?.outcomes.length, rest.length);
          const failed = result.outcomes.findIndex(({ kind }) => kind === 'failed');
          const done = failed === -1 ? rest : rest.slice(0, failed);
          ok(result.outcomes.slice(done.length).every(({ kind }) => kind === 'failed'));
          deepStrictEqual(
            toBatchResponse(results).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
            rest.slice(done.length).map(({ offset }) => ({ partition: 'events-0', offset })),
          );
          for (const one of done) handled.add(at(one));
          const checkpoint = stores.checkpoints.get('events-0');
          for (const one of records)
            if (one.offset < (checkpoint?.nextOffset ?? 0)) ok(handled.has(at(one)));
          const max = checkpoint?.maxEventTime ?? Number.NEGATIVE_INFINITY;
          ok(max >= highest);
          highest = max;
          rest = rest.slice(done.length);
        }
      }
      // And in the end all is as if nothing had failed.
      const calm = await run(cut(records, sizes));
      deepStrictEqual(stores.rejected, calm.stores.rejected);
      deepStrictEqual(rowsOf(stores), rowsOf(calm.stores));
    }),
  );
});
