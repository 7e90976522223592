import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { bareLayouts } from '../../../../functions/ingest/avro/bare-layouts.ts';
import published from '../../../../schema/user-event.avsc.json' with { type: 'json' };
import { eventValues, type Fields } from '../../../support/avro.ts';
import {
  asFields,
  decoderWith,
  decodeUnscanned,
  layout,
  toEvent,
} from '../../../support/events.ts';
import { checkForeign, foreignValues, idOf } from '../../../support/foreign.ts';
import { recordWithin, within } from '../../../support/within.ts';
import { decoderOf } from '../../../support/writers.ts';

// Bytes that encoders made which are not ours: test/foreign/encode.py says how.
const values = foreignValues(
  readFileSync(join(import.meta.dirname, '../../../foreign/golden.jsonl'), 'utf8'),
);

for (const value of values)
  test(`${value.case}, encoded by ${value.encoder}, ${value.wire ?? 'no wire format'}`, () =>
    checkForeign(decoderOf({ [idOf(value)]: value.schema }), value));

test('fastavro and Apache’s own tool write the published schema as bare bytes that are read', () => {
  const bare = values.filter(({ case: name, wire }) => name === 'as published' && wire === null);
  deepStrictEqual(
    bare.map(({ encoder }) => encoder),
    ['fastavro', 'avro-tools'],
  );
  for (const { value, expected, schema } of bare) {
    const event = eventValues(expected as Fields);
    const bytes = Buffer.from(value, 'base64');
    // Where the published schema has gained a field since, these are values of an older layout.
    const olderBare = isDeepStrictEqual(schema, published) ? [] : [schema];
    const writer = bareLayouts(layout, olderBare, 'bare').at(-1);
    deepStrictEqual(asFields(toEvent(decodeUnscanned(within(bytes), writer))), event);
    const read = decoderWith({ olderBare }).decode(recordWithin(bytes));
    deepStrictEqual(read.kind === 'missing-schema' ? read : asFields(read), event);
  }
});
