import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeUserEvent } from '../../../../functions/ingest/avro/decode-user-event.ts';
import { checkForeign, foreignValues, idOf } from '../../../support/foreign.ts';
import { within } from '../../../support/within.ts';
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
  for (const { value, expected } of bare) {
    const { metadata, ...fields } = Object(expected);
    deepStrictEqual(decodeUserEvent(within(Buffer.from(value, 'base64'))), {
      ...fields,
      metadata: new Map(Object.entries(metadata)),
    });
  }
});
