import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { RefusedError, UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import { createFlowControl } from '../../../../functions/ingest/pipeline/flow-control.ts';
import type { Outcome } from '../../../../functions/ingest/pipeline/outcome.ts';
import { encode } from '../../../support/avro.ts';
import { decoderWith, layoutOf } from '../../../support/events.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, eventRecords, record } from '../../../support/records.ts';

const t0 = 1_700_000_000_000;
const down = new UnavailableError('the store is down');
const kinds = (outcomes: readonly Outcome[] = []) =>
  outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind));

test('an event on time becomes a row, and the checkpoint passes it', async () => {
  const stores = new MemoryStores();
  const [result] = await ingestWith(stores)([batch(eventRecords([{ event_time: t0 }], 7))]);
  deepStrictEqual(result?.outcomes, [{ kind: 'written', future: false }]);
  strictEqual(stores.userEvents.size, 1);
  deepStrictEqual(stores.checkpoints.get('events-0'), {
    nextOffset: 8,
    maxEventTime: t0,
    earlier: new Map(),
  });
});

test('a late event is kept in rejected_events with its time and the watermark', async () => {
  const stores = new MemoryStores();
  const records = eventRecords([
    { event_time: t0 },
    { event_time: t0 - 10_000 },
    { event_time: t0 - 10_001 },
  ]);
  const [result] = await ingestWith(stores)([batch(records)]);
  deepStrictEqual(kinds(result?.outcomes), ['written', 'written', 'late']);
  deepStrictEqual(stores.rejected.get('events-0@2'), {
    kind: 'rejected',
    reason: 'late',
    detail: 'event_time is 1 ms behind the watermark',
    eventTime: t0 - 10_001,
    watermark: t0 - 10_000,
  });
});

test('late events are only counted when they are not to be kept', async () => {
  const stores = new MemoryStores();
  const records = eventRecords([{ event_time: t0 }, { event_time: 0 }]);
  const [result] = await ingestWith(stores, { lateEvents: 'drop' })([batch(records)]);
  deepStrictEqual(kinds(result?.outcomes), ['written', 'dropped']);
  strictEqual(stores.rejected.size, 0);
  strictEqual(stores.checkpoints.get('events-0')?.nextOffset, 2);
});

test('by rule running a backlog in order loses nothing; by rule batch its beginning is late', async () => {
  const backlog = eventRecords([0, 20_000, 40_000].map((ms) => ({ event_time: t0 + ms })));
  const [running] = await ingestWith(new MemoryStores())([batch(backlog)]);
  deepStrictEqual(kinds(running?.outcomes), ['written', 'written', 'written']);
  const [whole] = await ingestWith(new MemoryStores(), { latenessRule: 'batch' })([batch(backlog)]);
  deepStrictEqual(kinds(whole?.outcomes), ['late', 'late', 'written']);
});

test('an event of the future is stored and does not make those after it late', async () => {
  const stores = new MemoryStores();
  const records = eventRecords([
    { event_time: t0 },
    { event_time: t0 + 300_001 },
    { event_time: t0 },
  ]);
  const [result] = await ingestWith(stores)([batch(records)]);
  deepStrictEqual(result?.outcomes, [
    { kind: 'written', future: false },
    { kind: 'written', future: true },
    { kind: 'written', future: false },
  ]);
  strictEqual(stores.checkpoints.get('events-0')?.maxEventTime, t0);
});

test('a future event does not move the maximum by rule batch either', async () => {
  const records = eventRecords([{ event_time: t0 }, { event_time: t0 + 300_001 }]);
  const ingest = ingestWith(new MemoryStores(), { latenessRule: 'batch' });
  const [result] = await ingest([batch(records)]);
  deepStrictEqual(kinds(result?.outcomes), ['written', 'written']);
});

test('tombstones and bytes that are no event are rejected and stop nothing', async () => {
  const stores = new MemoryStores();
  const records = [
    record({ offset: 0, value: null }),
    record({ offset: 1, value: Buffer.from('not avro') }),
    record({ offset: 2, value: encode({ user_id: 'nobody' }) }),
    record({ offset: 3, value: encode() }),
  ];
  const [result] = await ingestWith(stores)([batch(records)]);
  deepStrictEqual(kinds(result?.outcomes), ['tombstone', 'undecodable', 'invalid_uuid', 'written']);
  strictEqual(stores.rejected.size, 3);
});

test('a batch of rejected records alone leaves a checkpoint without a maximum', async () => {
  const stores = new MemoryStores();
  await ingestWith(stores)([batch([record({ offset: 4, value: null })])]);
  deepStrictEqual(stores.checkpoints.get('events-0'), {
    nextOffset: 5,
    maxEventTime: null,
    earlier: new Map(),
  });
});

test('events that differ in event_id alone are two rows when it is part of the key', async () => {
  const other = '33333333-3333-4333-8333-333333333333';
  const records = [
    record({ offset: 0 }),
    record({ offset: 1, value: encode({ event_id: other }) }),
  ];
  const inKey = { decoder: decoderWith({ layout: layoutOf({ eventIdInKey: true }) }) };
  const [result] = await ingestWith(new MemoryStores(), {}, inKey)([batch(records)]);
  deepStrictEqual(kinds(result?.outcomes), ['written', 'written']);
  const [without] = await ingestWith(new MemoryStores())([batch(records)]);
  deepStrictEqual(kinds(without?.outcomes), ['superseded', 'written']);
});

test('a record that cannot be rejected either is failed, and the checkpoint stays before it', async () => {
  const stores = new MemoryStores();
  stores.before = (effect) =>
    effect.kind === 'rejected' ? Promise.reject(new RefusedError('too large')) : undefined;
  const records = [record({ offset: 0 }), record({ offset: 1, value: null })];
  const [result] = await ingestWith(stores)([batch(records)]);
  deepStrictEqual(kinds(result?.outcomes), ['written', 'failed']);
  strictEqual(stores.checkpoints.get('events-0')?.nextOffset, 1);
});

test('a failure in one partition leaves the others as they are', async () => {
  const stores = new MemoryStores();
  stores.before = (effect) =>
    effect.kind === 'rejected' && effect.record.partition === 1 ? Promise.reject(down) : undefined;
  const results = await ingestWith(stores)([
    batch(eventRecords([{}, {}], 0, 0)),
    batch([record({ partition: 1, value: null })]),
  ]);
  deepStrictEqual(
    results.map(({ outcomes }) => kinds(outcomes)),
    [['written', 'written'], ['failed']],
  );
});

test('a partition whose checkpoint cannot be read is failed whole, and nothing of it is written', async () => {
  const stores = new MemoryStores();
  stores.before = ({ kind }) => (kind === 'read-checkpoint' ? Promise.reject(down) : undefined);
  const [result] = await ingestWith(stores)([batch(eventRecords([{}, {}]))]);
  deepStrictEqual(kinds(result?.outcomes), ['failed', 'failed']);
  strictEqual(stores.userEvents.size, 0);
});

test('a partition whose checkpoint cannot be written is failed whole', async () => {
  const stores = new MemoryStores();
  stores.before = ({ kind }) => (kind === 'checkpoint' ? Promise.reject(down) : undefined);
  const [result] = await ingestWith(stores)([batch(eventRecords([{}, {}]))]);
  deepStrictEqual(kinds(result?.outcomes), ['failed', 'failed']);
  strictEqual(result?.checkpoint, null);
});

test('the checkpoint is written after the last write is acknowledged', async () => {
  const stores = new MemoryStores();
  const order: string[] = [];
  stores.before = async ({ kind }) => {
    if (kind === 'user-event') await new Promise((resolve) => setImmediate(resolve));
    order.push(kind);
  };
  await ingestWith(stores)([batch(eventRecords([{}, {}]))]);
  deepStrictEqual(order, ['read-checkpoint', 'user-event', 'user-event', 'checkpoint']);
});

test('when time is up no further write begins, and what was handled is kept', async () => {
  const stores = new MemoryStores();
  let left = 1;
  stores.before = (effect) => {
    if (effect.kind === 'user-event') left = 0;
  };
  const ingest = ingestWith(stores, {}, { flow: createFlowControl(1) });
  const deadlines = {
    schemas: { left: () => left },
    records: { left: () => left },
    checkpoint: { left: () => 1_000 },
  };
  const [result] = await ingest([batch(eventRecords([{}, {}, {}]))], deadlines);
  deepStrictEqual(kinds(result?.outcomes), ['written', 'failed', 'failed']);
  strictEqual(stores.checkpoints.get('events-0')?.nextOffset, 1);
  strictEqual(stores.userEvents.size, 1);
});

test('no more requests are in flight than the limit, over all partitions', async () => {
  const stores = new MemoryStores();
  let inFlight = 0;
  let most = 0;
  stores.before = async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
  };
  const batches = [0, 1, 2].map((partition) => batch(eventRecords([{}, {}, {}, {}], 0, partition)));
  await ingestWith(stores, {}, { flow: createFlowControl(5) })(batches);
  strictEqual(most, 5);
});

test('an error that is no answer of a store is a bug: it escapes when nothing is in flight any more', async () => {
  const stores = new MemoryStores();
  let inFlight = 0;
  stores.before = async (effect) => {
    if (effect.kind !== 'user-event') return;
    if (effect.event.eventTime === t0) throw new TypeError('a bug');
    inFlight += 1;
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
  };
  const records = eventRecords([{ event_time: t0 }, { event_time: t0 + 1 }]);
  await rejects(ingestWith(stores)([batch(records)]), TypeError);
  strictEqual(inFlight, 0);
});

test('an empty invocation has no result', async () => {
  deepStrictEqual(await ingestWith(new MemoryStores())([]), []);
});

test('a redelivered batch finds its own starting maximum again and repeats its verdicts', async () => {
  const stores = new MemoryStores();
  const ingest = ingestWith(stores);
  const first = batch(eventRecords([{ event_time: t0 }, { event_time: t0 + 60_000 }], 0));
  const second = batch(
    eventRecords([{ event_time: t0 + 50_000 }, { event_time: t0 + 120_000 }], 2),
  );
  await ingest([first]);
  const [once] = await ingest([second]);
  // Its commit is lost. From the new maximum, t0 + 120 s, its first record would be late.
  const [again] = await ingest([second]);
  deepStrictEqual(again?.outcomes, once?.outcomes);
  deepStrictEqual(kinds(again?.outcomes), ['written', 'written']);
  ok(stores.rejected.size === 0);
});
