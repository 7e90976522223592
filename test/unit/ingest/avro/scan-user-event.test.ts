import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import avro, { type Schema } from 'avsc';
import fc from 'fast-check';
import { parseSchema } from '../../../../functions/ingest/avro/avro-schema.ts';
import {
  isPublishedLayout,
  scanUserEvent,
} from '../../../../functions/ingest/avro/scan-user-event.ts';
import type { UserEvent } from '../../../../functions/ingest/user-event.ts';
import schema from '../../../../schema/user-event.avsc.json' with { type: 'json' };
import { encode, userId } from '../../../support/avro.ts';
import { within } from '../../../support/within.ts';
import { asFields, writerSchema } from '../../../support/writers.ts';

// That what is scanned is what the decoder of all schemas reads, value and bytes, is a law of test/fuzz/decoding.ts:
// `npm run fuzz -- --only values` holds it on a million values, hostile-input.test.ts on thousands.

const type = avro.Type.forSchema(schema as Schema);
const scan = (value: Buffer) => {
  const span = within(value);
  return scanUserEvent(span, span.start);
};
const text = fc.string({ unit: 'binary', maxLength: 60 });
const uuid = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
);

test('every ordinary event is scanned, with all its fields', () => {
  fc.assert(
    fc.property(
      uuid,
      fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
      uuid,
      fc.uniqueArray(fc.tuple(text, text), { maxLength: 16, selector: ([key]) => key }),
      (user, eventType, eventTime, event, entries) => {
        const value = type.toBuffer({
          user_id: user,
          event_type: eventType,
          event_time: eventTime,
          event_id: event,
          metadata: Object.fromEntries(entries),
        });
        const scanned = scan(value);
        notStrictEqual(scanned, null);
        if (scanned === null) return;
        const { metadata, ...rest } = asFields(scanned) as UserEvent;
        deepStrictEqual(rest, {
          userId: user.toLowerCase(),
          eventType,
          eventTime,
          eventId: event.toLowerCase(),
        });
        // As a property of an object this key is none of its own.
        const own = entries.filter(([key]) => Object.hasOwn(Object.fromEntries(entries), key));
        deepStrictEqual(new Map([...metadata].sort()), new Map(own.sort()));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('what is not plain is left to the decoder of all schemas', () => {
  const plain = encode();
  const twice = (key: string) =>
    Buffer.concat([Buffer.of(2 * key.length), Buffer.from(key), Buffer.of(0)]);
  const withoutMap = encode({ metadata: {} }).subarray(0, -1);
  const map = (...pieces: Buffer[]) => Buffer.concat([withoutMap, ...pieces, Buffer.of(0)]);
  const values: Record<string, Buffer> = {
    'no bytes': Buffer.alloc(0),
    'a byte too few': plain.subarray(0, -1),
    'a byte too many': Buffer.concat([plain, Buffer.of(0)]),
    'no uuid': encode({ user_id: userId.replace('-', '+') }),
    'no event_type': encode({ event_type: '' }),
    'an event_type that is too long': encode({ event_type: 'x'.repeat(801) }),
    'a key twice': map(Buffer.of(4), twice('key'), twice('key')),
    'a map in two blocks': map(Buffer.of(2), twice('one'), Buffer.of(2), twice('two')),
    'a length in five bytes': map(Buffer.of(2, 0x80, 0x80, 0x80, 0x80, 0x00, 0)),
    'more entries than are compared': encode({
      metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`${n}`, ''])),
    }),
  };
  for (const [what, value] of Object.entries(values)) strictEqual(scan(value), null, what);
  ok(scan(map(Buffer.of(4), twice('one'), twice('two'))));
});

test('of other schemas none is taken for the published one', () => {
  const layout = (one: object): boolean =>
    isPublishedLayout(parseSchema({ text: JSON.stringify(one), references: [] }));
  ok(layout(schema));
  ok(layout({ ...schema, namespace: 'another', doc: 'and a sentence' }));
  strictEqual(layout({ ...schema, fields: schema.fields.toReversed() }), false);
  strictEqual(layout({ ...schema, fields: schema.fields.slice(1) }), false);
  strictEqual(
    layout(writerSchema({ event_time: { type: 'long', logicalType: 'timestamp-micros' } })),
    false,
  );
  strictEqual(layout(writerSchema({ event_time: 'int' })), false);
  strictEqual(
    layout(writerSchema({ user_id: { type: 'fixed', name: 'id', size: 16, logicalType: 'uuid' } })),
    false,
  );
  strictEqual(
    layout(writerSchema({ metadata: ['null', { type: 'map', values: 'string' }] })),
    false,
  );
  strictEqual(layout(writerSchema({ metadata: { type: 'map', values: 'bytes' } })), false);
});
