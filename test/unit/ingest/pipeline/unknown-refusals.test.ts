import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { UserEvent } from '../../../../functions/ingest/event/user-event.ts';
import { UnknownRefusalError } from '../../../../functions/ingest/pipeline/errors.ts';
import type { Outcome } from '../../../../functions/ingest/pipeline/outcome.ts';
import { encode } from '../../../support/avro.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { type Effect, MemoryStores } from '../../../support/memory-stores.ts';
import { batch, eventRecords, record } from '../../../support/records.ts';

const refusal = new UnknownRefusalError(
  'writing failed: the server answered 0x2200: “no such thing”',
);
const metadataOf = (event: UserEvent) => event.get('metadata') as ReadonlyMap<string, string>;
const isPoison = (effect: Effect): boolean =>
  effect.kind === 'user-event' && metadataOf(effect.event).has('poison');

const good = {};
const poison = { metadata: { poison: '' } };

/** One environment, to which a test gives batches of a partition, from the offset where the one before ended. */
const environment = () => {
  const stores = new MemoryStores();
  stores.together = 10;
  /** Which effects the table refuses. */
  const table = { refuses: isPoison };
  stores.before = (effect) => (table.refuses(effect) ? Promise.reject(refusal) : undefined);
  const ingest = ingestWith(stores);
  let offset = 0;
  return {
    stores,
    table,
    /** Gives records and returns what they became; `again` gives the batch before once more. */
    async give(...events: object[]): Promise<string[]> {
      const records = eventRecords(events, offset);
      offset += events.length;
      const [result] = await ingest([batch(records)]);
      return kinds(result?.outcomes);
    },
    async giveAt(first: number, ...events: object[]): Promise<string[]> {
      const [result] = await ingest([batch(eventRecords(events, first))]);
      return kinds(result?.outcomes);
    },
    ingest,
  };
};
const kinds = (outcomes: readonly Outcome[] = []) =>
  outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind));

test('a row that is refused alone in unknown words is rejected when another of its batch was accepted', async () => {
  const { stores, give } = environment();
  deepStrictEqual(await give(good, poison, good), ['written', 'refused', 'written']);
  match(
    stores.rejected.get('events-0@1')?.detail ?? '',
    /^the database refuses this row, and takes others: .*0x2200: “no such thing”$/,
  );
});

test('many such rows are rejected when one other of their batch was accepted, first or last', async () => {
  const poisons = Array.from({ length: 30 }, () => poison);
  deepStrictEqual(
    new Set(await environment().give(good, ...poisons)),
    new Set(['written', 'refused']),
  );
  deepStrictEqual(
    new Set(await environment().give(...poisons, good)),
    new Set(['written', 'refused']),
  );
});

test('a row that is refused in unknown words waits, alone and among many, where the table has accepted nothing yet', async () => {
  for (const events of [[poison], Array.from({ length: 30 }, () => poison)]) {
    const { stores, give } = environment();
    deepStrictEqual(new Set(await give(...events)), new Set(['failed']));
    strictEqual(stores.rejected.size, 0);
  }
});

test('a batch of one such row is rejected where the table has accepted a row before', async () => {
  const { give } = environment();
  await give(good);
  deepStrictEqual(await give(poison), ['refused']);
});

test('a table that begins to refuse every row has three rows rejected at the most, and the others wait', async () => {
  const { stores, table, give } = environment();
  await give(good, good);
  table.refuses = ({ kind }) => kind === 'user-event';
  const single = [];
  for (let n = 0; n < 10; n += 1) single.push(...(await give(good)));
  deepStrictEqual(single, [...Array(3).fill('refused'), ...Array(7).fill('failed')]);
  strictEqual(stores.rejected.size, 3);
});

test('a table that begins to refuse every row of large batches has none of them rejected', async () => {
  const { stores, table, give } = environment();
  await give(good, good);
  table.refuses = ({ kind }) => kind === 'user-event';
  deepStrictEqual(new Set(await give(...Array(50).fill(good))), new Set(['failed']));
  strictEqual(stores.rejected.size, 0);
});

test('rows that waited are written when the table takes rows again', async () => {
  const { table, give, giveAt } = environment();
  table.refuses = ({ kind }) => kind === 'user-event';
  deepStrictEqual(await give(good, good), ['failed', 'failed']);
  table.refuses = () => false;
  deepStrictEqual(await giveAt(0, good, good), ['written', 'written']);
});

test('a batch of such rows alone, that waited, is rejected once another partition’s row was accepted', async () => {
  const { give, giveAt, ingest } = environment();
  await give(good);
  const poisons = Array(5).fill(poison);
  deepStrictEqual(new Set(await giveAt(1, ...poisons)), new Set(['failed']));
  await ingest([batch([record({ partition: 1 })])]);
  deepStrictEqual(new Set(await giveAt(1, ...poisons)), new Set(['refused']));
});

test('a row that is rejected so leaves its key to the event before it', async () => {
  const { stores, ingest, give } = environment();
  await give({ event_time: 1_600_000_000_000 });
  const [result] = await ingest([
    batch([
      record({ offset: 1, value: encode({ metadata: { from: 'first' } }) }),
      record({ offset: 2, value: encode(poison) }),
    ]),
  ]);
  deepStrictEqual(kinds(result?.outcomes), ['written', 'refused']);
  ok([...stores.userEvents.values()].some((event) => metadataOf(event).get('from') === 'first'));
});

test('a rejected record that its table refuses in unknown words waits, whatever the table takes beside it', async () => {
  const { table, ingest } = environment();
  table.refuses = (effect) => effect.kind === 'rejected' && effect.record.offset === 1;
  const tombstones = [0, 1, 2].map((offset) => record({ offset, value: null }));
  const [result] = await ingest([batch(tombstones)]);
  deepStrictEqual(kinds(result?.outcomes), ['tombstone', 'failed', 'failed']);
  const [, failed] = result?.outcomes ?? [];
  ok(failed?.kind === 'failed');
  match(failed.error.message, /^the database refuses this row, and takes others: /);
});

test('rejected records wait with the server’s words where their table has accepted nothing yet', async () => {
  const { table, ingest } = environment();
  table.refuses = ({ kind }) => kind === 'rejected';
  const [result] = await ingest([batch([record({ value: null })])]);
  const [failed] = result?.outcomes ?? [];
  ok(failed?.kind === 'failed');
  strictEqual(failed.error, refusal);
});

test('a table that refuses every row for a while costs three good events at the most in each while, and all others wait or are written', async () => {
  const one = fc.record({
    poisons: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
    broken: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (batches, together) => {
        const { stores, table, giveAt } = environment();
        stores.together = together;
        let offset = 0;
        let rejectedWhileBroken = 0;
        for (const { poisons, broken } of batches) {
          if (!broken) rejectedWhileBroken = 0;
          table.refuses = broken ? ({ kind }) => kind === 'user-event' : isPoison;
          const became = await giveAt(offset, ...poisons.map((is) => (is ? poison : good)));
          offset += poisons.length;
          poisons.forEach((is, index) => {
            if (is) return;
            if (became[index] === 'refused') rejectedWhileBroken += 1;
            // A poison before it may wait, and it with it.
            if (!broken) ok(became[index] !== 'refused');
            if (broken) ok(became[index] !== 'written');
          });
          ok(rejectedWhileBroken <= 3, `${rejectedWhileBroken} are rejected`);
        }
      },
    ),
  );
});
