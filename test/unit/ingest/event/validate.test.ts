import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { earliestTime, latestTime } from '../../../../functions/ingest/event/readable-time.ts';
import type { FieldValue } from '../../../../functions/ingest/event/user-event.ts';
import { validate } from '../../../../functions/ingest/event/validate.ts';
import { eventsOf, everyKindPlan } from '../../../support/kinds.ts';

const plan = everyKindPlan();
const [valid = {}] = fc.sample(eventsOf(plan), { numRuns: 1, seed: 1 });
const faultOf = (given: Readonly<Record<string, FieldValue>>) =>
  validate(plan, { ...valid, ...given });

test('events of every kind of value, null where that is allowed, are valid', () => {
  fc.assert(
    fc.property(eventsOf(plan), (fields) => {
      strictEqual(validate(plan, fields), null);
    }),
  );
});

test('a field that may be null is valid without a value, and another is not', () => {
  for (const { name, nullable } of plan.fields) {
    const { [name]: _, ...without } = valid;
    const expected = nullable
      ? null
      : {
          kind: 'rejected',
          reason: 'undecodable',
          detail: `${name} is null, and must have a value`,
        };
    deepStrictEqual(validate(plan, { ...valid, [name]: null }), expected);
    deepStrictEqual(validate(plan, without), expected);
  }
});

test('a uuid is held to its form in every field, and a text to a length only where it is part of the key', () => {
  for (const name of ['user_id', 'event_id', 'session'])
    deepStrictEqual(faultOf({ [name]: 'canary' }), {
      kind: 'rejected',
      reason: 'invalid_uuid',
      detail: `${name} must be a uuid, 8-4-4-4-12 hexadecimal digits (has 6 characters)`,
    });
  deepStrictEqual(faultOf({ event_type: '' }), {
    kind: 'rejected',
    reason: 'invalid_event_type',
    detail: 'event_type is empty',
  });
  deepStrictEqual(faultOf({ event_type: 'ë'.repeat(401) }), {
    kind: 'rejected',
    reason: 'invalid_event_type',
    detail: 'event_type must have at most 800 bytes of UTF-8 (has 802)',
  });
  strictEqual(
    faultOf({ event_type: 'ë'.repeat(400), page: '', referrer: 'x'.repeat(1_000) }),
    null,
  );
});

test('a time in any field is one that every driver reads, and a map in any field has few enough entries', () => {
  const range = 'must be from 0001-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z';
  for (const name of ['event_time', 'seen_at', 'left_at']) {
    for (const time of [earliestTime, latestTime]) strictEqual(faultOf({ [name]: time }), null);
    for (const time of [earliestTime - 1, latestTime + 1, Number.NaN])
      deepStrictEqual(faultOf({ [name]: time }), {
        kind: 'rejected',
        reason: 'invalid_event_time',
        detail: `${name} ${range}`,
      });
  }
  const entries = (count: number) => new Map(Array.from({ length: count }, (_, n) => [`${n}`, '']));
  for (const name of ['metadata', 'labels']) {
    strictEqual(faultOf({ [name]: entries(65_535) }), null);
    deepStrictEqual(faultOf({ [name]: entries(65_536) }), {
      kind: 'rejected',
      reason: 'invalid_metadata',
      detail: `${name} must have at most 65535 entries (has 65536)`,
    });
  }
});

test('an event with several faults is rejected for the first in the order of the schema', () => {
  strictEqual(faultOf({ event_id: '', event_type: '', user_id: '' })?.reason, 'invalid_uuid');
  strictEqual(faultOf({ event_id: '', event_type: '' })?.reason, 'invalid_event_type');
});
