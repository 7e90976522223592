import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import requests from 'cassandra-driver/lib/requests.js';
import fc from 'fast-check';
import { BatchFrame } from '../../../../functions/ingest/cassandra/batch-frame.ts';
import { EventRow } from '../../../../functions/ingest/cassandra/event-row.ts';
import { RejectedRow } from '../../../../functions/ingest/cassandra/rejected-row.ts';
import type { Row } from '../../../../functions/ingest/cassandra/write-batch.ts';
import type { UserEvent } from '../../../../functions/ingest/user-event.ts';

/** The driver's own request, as its declarations leave it out. */
const { BatchRequest } = requests as unknown as {
  BatchRequest: new (
    queries: object[],
    options: object,
  ) => { write(encoder: object, streamId: number): Buffer };
};

const event: fc.Arbitrary<UserEvent> = fc.record({
  userId: fc.uuid(),
  eventType: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  eventTime: fc.oneof(
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.constantFrom(0, -1, 2 ** 32, -(2 ** 32), 2 ** 31, 8.64e15, -8.64e15),
  ),
  eventId: fc.uuid(),
  metadata: fc
    .array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), { maxLength: 6 })
    .map((entries) => new Map(entries)),
});

const eventRows = fc
  .tuple(
    fc.array(event, { minLength: 1, maxLength: 20 }),
    fc.constantFrom('day' as const, 'hour' as const),
  )
  .map(([events, bucket]): Row[] => events.map((one) => new EventRow(one, bucket)));

const bytes = fc.uint8Array().map((array) => Buffer.from(array));
const rejectedRows = fc
  .array(
    fc
      .array(fc.option(bytes), { minLength: 3, maxLength: 14 })
      .map((values) => new RejectedRow(values)),
    { minLength: 1, maxLength: 20 },
  )
  .map((rows): Row[] => rows);

test('a batch is, byte for byte, what the driver would send', () => {
  fc.assert(
    fc.property(
      fc.oneof(eventRows, rejectedRows),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.option(fc.maxSafeNat()),
      fc.nat({ max: 32_767 }),
      fc.constantFrom(3, 4),
      (rows, id, micros, streamId, protocolVersion) => {
        const queryId = Buffer.from(id);
        const timestamp = micros === null ? null : types.Long.fromNumber(micros);
        const consistency = types.consistencies.localQuorum;
        const frame = new BatchFrame(queryId, rows, { timestamp, consistency });
        const driver = new BatchRequest(
          rows.map(({ values }) => ({
            queryId,
            params: values,
            meta: { columns: values.map(() => ({ type: null })) },
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
        deepStrictEqual(frame.clone().write({ protocolVersion }, streamId), expected);
      },
    ),
    { numRuns: 3_000 },
  );
});
