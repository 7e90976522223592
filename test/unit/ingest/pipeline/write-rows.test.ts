import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Acceptances } from '../../../../functions/ingest/pipeline/acceptances.ts';
import type { Delivery } from '../../../../functions/ingest/pipeline/delivery.ts';
import {
  RefusedError,
  TransientError,
  UnavailableError,
  UnknownRefusalError,
} from '../../../../functions/ingest/pipeline/errors.ts';
import { createFlowControl } from '../../../../functions/ingest/pipeline/flow-control.ts';
import type { NonEmptyArray, Stores } from '../../../../functions/ingest/pipeline/stores.ts';
import { type WriteOptions, writeRows } from '../../../../functions/ingest/pipeline/write-rows.ts';
import { eventAt, ofOneRow, rejectedAt } from '../../../support/deliveries.ts';

const down = new UnavailableError('the store is down');
const tooLarge = new RefusedError('the row is too large');
const throttled = new TransientError('throttled');
const unknown = new UnknownRefusalError('the server answered 0x2200');

/** What a table answers to a request of a row of `events` or of `rejected`, with the offset of the record that is written. */
type Answer = (table: 'events' | 'rejected', offset: number) => void | Promise<void>;

/**
 * Writes deliveries to tables that answer so. The requests, of `together` rows, begin one after the other unless `sideBySide` says how many
 * may run.
 */
const write = async (
  deliveries: readonly Delivery[],
  {
    answer = () => {},
    together = 1,
    sideBySide = 1,
    plans = true,
    ...options
  }: Partial<WriteOptions> & {
    readonly answer?: Answer;
    readonly together?: number;
    readonly sideBySide?: number;
    /** False where the stores lose the rows that they are to plan. */
    readonly plans?: boolean;
  } = {},
) => {
  /** Each request that began: its table, and the offsets of the records whose rows it writes. */
  const requests: string[] = [];
  /** The rows that are durable, in the order in which they became so. */
  const durable: string[] = [];
  const plan =
    <Row>(table: 'events' | 'rejected', offsetOf: (row: Row) => number) =>
    (rows: readonly Row[]) =>
      Array.from({ length: plans ? Math.ceil(rows.length / together) : 0 }, (_, index) => {
        const some = rows.slice(index * together, (index + 1) * together);
        return {
          rows: some as unknown as NonEmptyArray<Row>,
          async write() {
            requests.push([table, ...some.map(offsetOf)].join(' '));
            for (const row of some) {
              await answer(table, offsetOf(row));
              durable.push(`${table} ${offsetOf(row)}`);
            }
          },
        };
      });
  const offsets = new Map(deliveries.map(({ event, record: { offset } }) => [event, offset]));
  const stores: Stores = {
    readCheckpoint: async () => null,
    writeCheckpoint: async () => {},
    planUserEventWrites: plan('events', ({ event }) => offsets.get(event) as number),
    planRejectedWrites: plan('rejected', ({ record }) => record.offset),
  };
  await writeRows(deliveries, {
    lateEvents: 'keep',
    stores,
    flow: createFlowControl(sideBySide),
    deadline: { left: () => 60_000 },
    acceptances: { userEvents: new Acceptances(), rejected: new Acceptances() },
    ...options,
  });
  return {
    requests,
    durable,
    outcomes: deliveries.map(({ outcome }) =>
      outcome?.kind === 'rejected' ? outcome.reason : outcome?.kind,
    ),
  };
};

const eventAtOffset = (offset: number): Delivery => eventAt(offset);

/** Refuses, or fails, the events of these offsets with an error. */
const failing =
  (error: Error, ...offsets: readonly number[]): Answer =>
  (table, offset) => {
    if (table === 'events' && offsets.includes(offset)) throw error;
  };

test('requests of both tables begin in the order of the first offset of each', async () => {
  const { requests } = await write([eventAt(0), rejectedAt(1), eventAt(2), rejectedAt(3)]);
  deepStrictEqual(requests, ['events 0', 'rejected 1', 'events 2', 'rejected 3']);
});

test('a request of a row with several events begins at the offset of the first of them', async () => {
  const [first, last] = ofOneRow(0, 2);
  const { requests } = await write([first, rejectedAt(1), last] as Delivery[]);
  deepStrictEqual(requests, ['events 2', 'rejected 1']);
});

test('the last event of a row is written, and those before it are superseded by it', async () => {
  const deliveries = ofOneRow(0, 1, 2);
  const { durable } = await write(deliveries);
  deepStrictEqual(durable, ['events 2']);
  deepStrictEqual(
    deliveries.map(({ outcome }) => outcome),
    [
      { kind: 'superseded', by: 2 },
      { kind: 'superseded', by: 2 },
      { kind: 'written', future: false },
    ],
  );
});

test('a written event that lies in the future is told from the others', async () => {
  const deliveries = [eventAt(0), eventAt(1)];
  for (const one of deliveries.slice(1)) one.future = true;
  await write(deliveries);
  deepStrictEqual(
    deliveries.map(({ outcome }) => outcome),
    [
      { kind: 'written', future: false },
      { kind: 'written', future: true },
    ],
  );
});

test('a rejected record is written with its reason, and late ones too where late events are kept', async () => {
  const deliveries = [rejectedAt(0), rejectedAt(1, 'late')];
  const { durable } = await write(deliveries);
  deepStrictEqual(durable, ['rejected 0', 'rejected 1']);
  deepStrictEqual(
    deliveries.map(({ outcome }) => outcome),
    [
      { kind: 'rejected', reason: 'tombstone', detail: 'a record that is tombstone' },
      { kind: 'rejected', reason: 'late', detail: 'a record that is late' },
    ],
  );
});

test('late records are only counted where late events are dropped, and other rejected ones are written', async () => {
  const deliveries = [rejectedAt(0, 'late'), rejectedAt(1), eventAt(2)];
  const { requests, outcomes } = await write(deliveries, { lateEvents: 'drop' });
  deepStrictEqual(requests, ['rejected 1', 'events 2']);
  deepStrictEqual(outcomes, ['dropped', 'tombstone', 'written']);
});

test('a superseded record fails with the one that took its row: until that is durable it has none', async () => {
  const { outcomes } = await write(ofOneRow(0, 1), { answer: failing(down, 1) });
  deepStrictEqual(outcomes, ['failed', 'failed']);
});

test('a refused event of a row is rejected first, and then leaves the row to the event before it', async () => {
  const { durable, outcomes } = await write(ofOneRow(0, 1), { answer: failing(tooLarge, 1) });
  deepStrictEqual(durable, ['rejected 1', 'events 0']);
  deepStrictEqual(outcomes, ['written', 'refused']);
});

test('a row whose last events are all refused is left to the newest that the table takes', async () => {
  const deliveries = ofOneRow(0, 1, 2, 3);
  const { durable, outcomes } = await write(deliveries, { answer: failing(tooLarge, 2, 3) });
  deepStrictEqual(durable, ['rejected 3', 'rejected 2', 'events 1']);
  deepStrictEqual(outcomes, ['superseded', 'written', 'refused', 'refused']);
  deepStrictEqual(deliveries[0]?.outcome, { kind: 'superseded', by: 1 });
});

test('a refused event is rejected with the words of the refusal and the time of the event', async () => {
  const [delivery] = ofOneRow(0) as [Delivery];
  await write([delivery], { answer: failing(tooLarge, 0) });
  deepStrictEqual(delivery.rejection, {
    kind: 'rejected',
    reason: 'refused',
    detail: tooLarge.message,
    eventTime: delivery.event?.eventTime,
  });
});

test('a refused event that cannot be rejected either does not keep the event before it from its row', async () => {
  const { durable, outcomes } = await write(ofOneRow(0, 1), {
    answer(table, offset) {
      if (table === 'rejected' || offset === 1) throw tooLarge;
    },
  });
  deepStrictEqual(durable, ['events 0']);
  deepStrictEqual(outcomes, ['written', 'failed']);
});

test('a record that cannot be rejected waits, and all behind it with it', async () => {
  const { outcomes } = await write([eventAt(0), rejectedAt(1), eventAt(2)], {
    answer(table) {
      if (table === 'rejected') throw tooLarge;
    },
  });
  deepStrictEqual(outcomes, ['written', 'failed', 'failed']);
});

test('no request of a record behind a failed one begins, and those records fail with its error', async () => {
  const deliveries = [eventAt(0), eventAt(1), eventAt(2), rejectedAt(3)];
  const { requests } = await write(deliveries, { answer: failing(down, 1) });
  // The request behind it may begin in the moment in which it fails.
  deepStrictEqual(
    requests.filter((request) => request !== 'events 2'),
    ['events 0', 'events 1'],
  );
  const failed = { kind: 'failed', error: down };
  deepStrictEqual(
    deliveries.map(({ outcome }) => outcome),
    [{ kind: 'written', future: false }, failed, failed, failed],
  );
});

test('records behind a failed one have failed also where they were written beside it', async () => {
  const { durable, outcomes } = await write([eventAt(0), eventAt(1), eventAt(2)], {
    sideBySide: 3,
    answer: failing(down, 1),
  });
  deepStrictEqual(durable, ['events 0', 'events 2']);
  deepStrictEqual(outcomes, ['written', 'failed', 'failed']);
});

test('records before a failed one are still written: its failure stops only what comes behind it', async () => {
  const [first, last] = ofOneRow(0, 3);
  // The last event of the row is refused, and when the row goes on a record between them has failed.
  const { durable, outcomes } = await write([first, eventAt(1), eventAt(2), last] as Delivery[], {
    answer(table, offset) {
      if (table === 'events' && offset === 1) throw down;
      if (table === 'events' && offset === 3) throw tooLarge;
    },
  });
  deepStrictEqual(
    durable.filter((row) => row !== 'events 2'),
    ['rejected 3', 'events 0'],
  );
  deepStrictEqual(outcomes, ['written', 'failed', 'failed', 'failed']);
});

test('the refused one of rows that are written together is found, and the others are written', async () => {
  const { requests, outcomes } = await write([0, 1, 2, 3].map(eventAtOffset), {
    together: 3,
    answer: failing(tooLarge, 1),
  });
  deepStrictEqual(requests, [
    'events 0 1 2',
    'events 3',
    'events 0',
    'events 1',
    'events 2',
    'rejected 1',
  ]);
  deepStrictEqual(outcomes, ['written', 'refused', 'written', 'written']);
});

test('rows written together are written again together when the store could not do it once', async () => {
  let failures = 1;
  const { requests, outcomes } = await write([0, 1, 2].map(eventAtOffset), {
    together: 3,
    answer(_table, offset) {
      if (offset === 1 && failures-- > 0) throw throttled;
    },
  });
  deepStrictEqual(requests, ['events 0 1 2', 'events 0 1 2']);
  deepStrictEqual(outcomes, ['written', 'written', 'written']);
});

// On Keyspaces a batch of thirty rows on a table with room for twenty would have been throttled for ever.
for (const [table, deliveryAt] of [
  ['events', eventAtOffset],
  ['rejected', (offset: number) => rejectedAt(offset)],
] as const)
  test(`rows of ${table} that the store has no room for together are written one by one after three attempts`, async () => {
    let rows = 0;
    const { requests } = await write([0, 1].map(deliveryAt), {
      together: 2,
      answer(_table, offset) {
        rows += 1;
        if (rows < 7 && offset === 1) throw throttled;
      },
    });
    const together = `${table} 0 1`;
    deepStrictEqual(requests, [together, together, together, `${table} 0`, `${table} 1`]);
  });

test('throttled rows are not written one by one when time is up: they fail together', async () => {
  let left = 1;
  const deliveries = [eventAt(0), eventAt(1)];
  const { requests } = await write(deliveries, {
    together: 2,
    deadline: { left: () => left },
    answer() {
      left = 0;
      throw throttled;
    },
  });
  deepStrictEqual(requests, ['events 0 1']);
  const failed = { kind: 'failed', error: throttled };
  deepStrictEqual(
    deliveries.map(({ outcome }) => outcome),
    [failed, failed],
  );
});

test('rows written together wait together, and are not tried one by one, when the store is down', async () => {
  const { requests, outcomes } = await write([0, 1, 2, 3].map(eventAtOffset), {
    together: 2,
    answer: failing(down, 3),
  });
  deepStrictEqual(requests, ['events 0 1', 'events 2 3']);
  deepStrictEqual(outcomes, ['written', 'written', 'failed', 'failed']);
});

test('a row that is refused in unknown words is decided about when the requests behind it are answered', async () => {
  const deliveries = [eventAt(0), eventAt(1)];
  const { durable, outcomes } = await write(deliveries, { answer: failing(unknown, 0) });
  deepStrictEqual(durable, ['events 1', 'rejected 0']);
  deepStrictEqual(outcomes, ['refused', 'written']);
  match(
    deliveries[0]?.rejection?.detail ?? '',
    /^the database refuses this row, and takes others: the server answered 0x2200$/,
  );
});

test('a row that is refused in unknown words waits where its table has taken no other', async () => {
  const deliveries = [eventAt(0), rejectedAt(1)];
  const { durable } = await write(deliveries, { answer: failing(unknown, 0) });
  deepStrictEqual(durable, ['rejected 1']);
  deepStrictEqual(deliveries[0]?.outcome, { kind: 'failed', error: unknown });
});

test('a row whose events are all refused in unknown words has each of them decided about', async () => {
  const deliveries = [...ofOneRow(0, 1), eventAt(2)];
  const { durable, outcomes } = await write(deliveries, { answer: failing(unknown, 0, 1) });
  deepStrictEqual(durable, ['events 2', 'rejected 1', 'rejected 0']);
  deepStrictEqual(outcomes, ['refused', 'refused', 'written']);
});

test('an error that is no answer of a store is a bug: it escapes when nothing is in flight any more', async () => {
  let inFlight = 0;
  const writing = write([eventAt(0), eventAt(1)], {
    sideBySide: 2,
    async answer(_table, offset) {
      if (offset === 0) throw new TypeError('a bug');
      inFlight += 1;
      await setImmediate();
      inFlight -= 1;
    },
  });
  await rejects(writing, TypeError);
  strictEqual(inFlight, 0);
});

test('a record that no request was planned for is a bug, which is told with its position', async () => {
  await rejects(write([eventAt(7)], { plans: false }), /events-0@7 has no outcome/);
});

test('an accepted request is counted in its own table’s acceptances', async () => {
  const acceptances = { userEvents: new Acceptances(), rejected: new Acceptances() };
  await write([eventAt(0), rejectedAt(1), rejectedAt(2)], { acceptances });
  deepStrictEqual([acceptances.userEvents.count, acceptances.rejected.count], [1, 2]);
});
