import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import requests from 'cassandra-driver/lib/requests.js';
import fc from 'fast-check';
import { encodeEvent } from '../../../../../functions/ingest/bytes/encode-event.ts';
import { BatchRequest } from '../../../../../functions/ingest/cassandra/batch/batch-request.ts';
import { BufferPool } from '../../../../../functions/ingest/cassandra/batch/buffer-pool.ts';
import { eventRows } from '../../../../../functions/ingest/cassandra/rows/event-rows.ts';
import { RejectedRows } from '../../../../../functions/ingest/cassandra/rows/rejected-rows.ts';
import type { Rows } from '../../../../../functions/ingest/cassandra/rows/rows.ts';
import { eventOf, layout, layoutOf } from '../../../../support/events.ts';
import { eventsOf, everyKindLayout } from '../../../../support/kinds.ts';

/** The driver's own request, which its declarations leave out. */
const { BatchRequest: DriversRequest } = requests as unknown as {
  BatchRequest: new (
    queries: object[],
    options: object,
  ) => { write(encoder: object, streamId: number): Buffer };
};

const pool = new BufferPool(128);

/** Rows of the published schema, and of one with every kind of value. */
const userEventRows = fc
  .constantFrom(
    layout,
    layoutOf({ bucket: 'hour', eventIdInKey: true }),
    everyKindLayout('day'),
    everyKindLayout('hour'),
  )
  .chain((as) =>
    fc
      .array(eventsOf(as.plan), { minLength: 1, maxLength: 20 })
      .map(
        (events): Rows =>
          eventRows(as)(events.map((fields) => ({ event: encodeEvent(as, fields) }))),
      ),
  );

const bytes = fc.uint8Array().map((array) => Buffer.from(array));
const rejectedRows = fc
  .integer({ min: 3, max: 14 })
  .chain((columns) =>
    fc.array(fc.array(fc.option(bytes), { minLength: columns, maxLength: columns }), {
      minLength: 1,
      maxLength: 20,
    }),
  )
  .map((values): Rows => new RejectedRows(values));

/** Some of the rows of a batch, in any order. */
const someRows = fc
  .oneof(userEventRows, rejectedRows)
  .chain((rows) =>
    fc
      .shuffledSubarray([...Array(rows.count).keys()], { minLength: 1 })
      .map((indexes) => ({ rows, indexes })),
  );

test('a batch is, byte for byte, what the driver would send', () => {
  fc.assert(
    fc.property(
      someRows,
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.option(fc.maxSafeNat()),
      fc.nat({ max: 32_767 }),
      fc.constantFrom(3, 4),
      (batch, id, micros, streamId, protocolVersion) => {
        const { rows, indexes } = batch;
        const queryId = Buffer.from(id);
        const timestamp = micros === null ? null : types.Long.fromNumber(micros);
        const consistency = types.consistencies.localQuorum;
        const request = new BatchRequest(queryId, batch, { timestamp, consistency }, pool);
        const driver = new DriversRequest(
          indexes.map((index) => ({
            queryId,
            params: rows.values(index),
            meta: { columns: rows.values(index).map(() => ({ type: null })) },
          })),
          {
            getOrGenerateTimestamp: () => timestamp,
            getHints: () => undefined,
            isBatchCounter: () => false,
            isBatchLogged: () => false,
            isQueryTracing: () => false,
            getCustomPayload: () => undefined,
            getConsistency: () => consistency,
            getSerialConsistency: () => undefined,
            getKeyspace: () => undefined,
          },
        );
        const expected = driver.write(
          { protocolVersion, encode: (value: Buffer) => value },
          streamId,
        );
        const written = request.write({ protocolVersion }, streamId);
        deepStrictEqual(written, expected);
        const clone = request.clone();
        deepStrictEqual(clone.write({ protocolVersion }, streamId), expected);
        // So that later ones are written over its bytes.
        request.recycle(true);
        clone.recycle(true);
      },
    ),
    { numRuns: 3_000 },
  );
});

const requestOf = (event_type: string): BatchRequest =>
  new BatchRequest(
    Buffer.alloc(16),
    { rows: eventRows(layout)([{ event: eventOf({ event_type }) }]), indexes: [0] },
    { timestamp: null, consistency: types.consistencies.localQuorum },
    pool,
  );
const v4 = { protocolVersion: 4 };

for (const [kind, length] of [
  ['a small request', 10],
  ['a large request', 20_000],
] as const)
  test(`the bytes of ${kind} are used again only when it was written once and is answered`, () => {
    const before = (release: (request: BatchRequest) => void): boolean => {
      const request = requestOf('x'.repeat(length));
      const written = request.write(v4, 0);
      const bytes = Buffer.from(written);
      release(request);
      requestOf('y'.repeat(length)).write(v4, 1);
      return written.equals(bytes);
    };
    strictEqual(
      before((request) => request.recycle(true)),
      false,
    );
    ok(before(() => {}));
    ok(before((request) => request.recycle(false)));
    ok(
      before((request) => {
        request.write(v4, 2);
        request.recycle(true);
      }),
    );
  });

test('a request of any size is whole, beside others', () => {
  const sizes = [1, 8_000, 8_100, 8_192, 65_400, 65_536, 100_000];
  const all = sizes.map((size) => requestOf('x'.repeat(size)));
  const written = all.map((request) => request.write(v4, 0));
  for (const [index, bytes] of written.entries())
    ok(bytes.includes('x'.repeat(sizes[index] ?? 0)) && bytes.length < (sizes[index] ?? 0) + 150);
  for (const request of all) request.recycle(true);
});
