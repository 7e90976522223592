import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import requests from 'cassandra-driver/lib/requests.js';
import fc from 'fast-check';
import { encodeEvent } from '../../../../../functions/ingest/bytes/encode-event.ts';
import { BatchFrame } from '../../../../../functions/ingest/cassandra/batch/batch-request.ts';
import type { Rows } from '../../../../../functions/ingest/cassandra/batch/send-batch.ts';
import { eventRows } from '../../../../../functions/ingest/cassandra/rows/event-rows.ts';
import { RejectedRows } from '../../../../../functions/ingest/cassandra/rows/rejected-rows.ts';
import { eventOf, layout, layoutOf } from '../../../../support/events.ts';
import { eventsOf, everyKindLayout } from '../../../../support/kinds.ts';

/** The driver's own request, as its declarations leave it out. */
const { BatchRequest } = requests as unknown as {
  BatchRequest: new (
    queries: object[],
    options: object,
  ) => { write(encoder: object, streamId: number): Buffer };
};

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
      .map((places) => ({ rows, places })),
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
        const { rows, places } = batch;
        const queryId = Buffer.from(id);
        const timestamp = micros === null ? null : types.Long.fromNumber(micros);
        const consistency = types.consistencies.localQuorum;
        const frame = new BatchFrame(queryId, batch, { timestamp, consistency });
        const driver = new BatchRequest(
          places.map((place) => ({
            queryId,
            params: rows.values(place),
            meta: { columns: rows.values(place).map(() => ({ type: null })) },
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
        const written = frame.write({ protocolVersion }, streamId);
        deepStrictEqual(written, expected);
        const clone = frame.clone();
        deepStrictEqual(clone.write({ protocolVersion }, streamId), expected);
        // So that later ones are written over its bytes.
        frame.release(true);
        clone.release(true);
      },
    ),
    { numRuns: 3_000 },
  );
});

const frameOf = (event_type: string): BatchFrame =>
  new BatchFrame(
    Buffer.alloc(16),
    { rows: eventRows(layout)([{ event: eventOf({ event_type }) }]), places: [0] },
    { timestamp: null, consistency: types.consistencies.localQuorum },
  );
const v4 = { protocolVersion: 4 };

for (const [kind, length] of [
  ['a small request', 10],
  ['a large request', 20_000],
] as const)
  test(`the bytes of ${kind} are used again only when it was written once and is answered`, () => {
    const before = (release: (frame: BatchFrame) => void): boolean => {
      const frame = frameOf('x'.repeat(length));
      const written = frame.write(v4, 0);
      const bytes = Buffer.from(written);
      release(frame);
      frameOf('y'.repeat(length)).write(v4, 1);
      return written.equals(bytes);
    };
    strictEqual(
      before((frame) => frame.release(true)),
      false,
    );
    ok(before(() => {}));
    ok(before((frame) => frame.release(false)));
    ok(
      before((frame) => {
        frame.write(v4, 2);
        frame.release(true);
      }),
    );
  });

test('a request of any size is whole, beside others', () => {
  const sizes = [1, 8_000, 8_100, 8_192, 65_400, 65_536, 100_000];
  const frames = sizes.map((size) => frameOf('x'.repeat(size)));
  const written = frames.map((frame) => frame.write(v4, 0));
  for (const [index, frame] of written.entries())
    ok(frame.includes('x'.repeat(sizes[index] ?? 0)) && frame.length < (sizes[index] ?? 0) + 150);
  for (const frame of frames) frame.release(true);
});
