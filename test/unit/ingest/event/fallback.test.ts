import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { fallbackOf } from '../../../../functions/ingest/event/fallback.ts';
import { type Kind, kinds } from '../../../../functions/ingest/event/kinds.ts';
import type { FieldValue } from '../../../../functions/ingest/event/user-event.ts';

const uuid = '11111111-1111-4111-8111-abcdefabcdef';

/** Defaults of each kind as JSON has them, with the values that they stand for. */
const valid: { readonly [K in Kind]: readonly (readonly [unknown, FieldValue])[] } = {
  uuid: [[uuid.toUpperCase(), uuid]],
  text: [
    ['', ''],
    ['ä', 'ä'],
  ],
  time: [[-1, -1]],
  map: [
    [{}, new Map()],
    [
      JSON.parse('{"a":"b","__proto__":"c"}'),
      new Map(Object.entries({ a: 'b', ['__proto__']: 'c' })),
    ],
  ],
  bigint: [[-(2 ** 40), -(2n ** 40n)]],
  int: [[-(2 ** 31), -(2 ** 31)]],
  boolean: [
    [false, false],
    [true, true],
  ],
  double: [[0.5, 0.5]],
  blob: [['\u00ff\u0001', Buffer.of(0xff, 1)]],
};

/** What is no default of a kind. */
const wrong: { readonly [K in Kind]: readonly unknown[] } = {
  uuid: ['', uuid.slice(1), `${uuid}\n`, 5],
  text: [5, '\ud800', {}],
  time: [0.5, '0', 2 ** 53, -62_135_596_800_001, 253_402_300_800_000],
  map: [[], 'a', { a: 1 }, { a: '\ud800' }, { '\ud800': 'a' }],
  bigint: [0.5, '1', 2 ** 53],
  int: [0.5, 2 ** 31, '1'],
  boolean: [0, 'true'],
  double: ['1', true],
  blob: ['\u0100', 5],
};

for (const kind of Object.keys(kinds) as Kind[])
  test(`a default of the schema for ${kinds[kind].avro} is its value, and what is none is refused`, () => {
    for (const [given, value] of valid[kind])
      deepStrictEqual(fallbackOf(kind, false, given), value);
    for (const given of wrong[kind])
      strictEqual(fallbackOf(kind, false, given), undefined, JSON.stringify(given));
    strictEqual(fallbackOf(kind, true, null), null);
    strictEqual(fallbackOf(kind, false, null), undefined);
  });
