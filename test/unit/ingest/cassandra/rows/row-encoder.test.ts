import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeEvent } from '../../../../../functions/ingest/bytes/encode-event.ts';
import { compositeKey } from '../../../../../functions/ingest/cassandra/rows/composite-key.ts';
import * as cql from '../../../../../functions/ingest/cassandra/rows/cql.ts';
import { RowEncoder } from '../../../../../functions/ingest/cassandra/rows/row-encoder.ts';
import { bucketDate, bucketHour } from '../../../../../functions/ingest/event/bucket.ts';
import type { Kind } from '../../../../../functions/ingest/event/kinds.ts';
import type { FieldValue } from '../../../../../functions/ingest/event/user-event.ts';
import { eventsOf, everyKindLayout } from '../../../../support/kinds.ts';

const long = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};
const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};

/** A value's bytes by the encoder of single values. */
const encoded: { readonly [K in Kind]: (value: never) => Buffer } = {
  uuid: cql.uuid,
  text: cql.text,
  time: cql.timestamp,
  map: cql.map,
  bigint: long,
  int: cql.int,
  boolean: (value: boolean) => Buffer.of(value ? 1 : 0),
  double,
  blob: (value: Buffer) => value,
};

for (const bucket of ['day', 'hour'] as const)
  test(`with BUCKET=${bucket} a row of every kind of value has the bytes of its single values, each after its length`, () => {
    const layout = everyKindLayout(bucket);
    const encoder = new RowEncoder(layout);
    fc.assert(
      fc.property(eventsOf(layout.plan), fc.nat({ max: 9 }), (fields, at) => {
        const event = encodeEvent(layout, fields);
        const values = layout.plan.columns.map(({ name, source }): Buffer | null => {
          if (source === 'day') return cql.date(bucketDate(event.eventTime));
          if (source === 'hour') return cql.tinyint(bucketHour(event.eventTime));
          const value = fields[name] as FieldValue;
          return value === null ? null : encoded[source.kind](value as never);
        });
        deepStrictEqual(encoder.values(event), values);
        const into = Buffer.alloc(at + encoder.requestBytes(event));
        strictEqual(encoder.encode(event, into, at), into.length);
        ok(encoder.mutationBytes(event) > encoder.requestBytes(event));
        const key = values.slice(0, layout.plan.partitionKey.length) as Buffer[];
        deepStrictEqual(encoder.routingKey(event), compositeKey(key));
      }),
      { numRuns: 500 },
    );
  });

test('two rows are beside each other where user and day are the same, and then have one hash', () => {
  const layout = everyKindLayout();
  const encoder = new RowEncoder(layout);
  const user = fc.constantFrom(
    '11111111-1111-4111-8111-111111111111',
    '11111111-1111-4111-8111-111111111112',
  );
  const day = fc.constantFrom(0, 86_400_000, -1);
  fc.assert(
    fc.property(
      eventsOf(layout.plan),
      eventsOf(layout.plan),
      fc.tuple(user, user, day, day),
      (one, other, [firstUser, secondUser, firstDay, secondDay]) => {
        const first = encodeEvent(layout, { ...one, user_id: firstUser, event_time: firstDay });
        const second = encodeEvent(layout, {
          ...other,
          user_id: secondUser,
          event_time: secondDay,
        });
        const same = firstUser === secondUser && firstDay === secondDay;
        strictEqual(encoder.samePartition(first, second), same);
        strictEqual(encoder.partitionHash(first) === encoder.partitionHash(second), same);
      },
    ),
  );
});
