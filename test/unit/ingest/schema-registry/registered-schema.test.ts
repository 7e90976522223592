import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  toRegisteredSchema,
  versionName,
} from '../../../../functions/ingest/schema-registry/registered-schema.ts';

test('a schema without a kind, a subject and references is one of Avro that stands alone', () => {
  for (const more of [{}, { schemaType: null, references: null }])
    deepStrictEqual(toRegisteredSchema({ schema: '"string"', ...more }), {
      schema: '"string"',
      schemaType: 'AVRO',
      subject: '',
      references: [],
    });
});

test('a reference is kept by its name, or by its subject and version where it has none', () => {
  const references = [
    { name: 'a.B', subject: 'b', version: 1 },
    { subject: 'c', version: -1 },
  ];
  deepStrictEqual(
    toRegisteredSchema({ schema: '{}', schemaType: 'AVRO', subject: 's', references })?.references,
    [
      { name: 'a.B', subject: 'b', version: 1 },
      { name: 'c -1', subject: 'c', version: -1 },
    ],
  );
});

test('JSON that is no schema of a registry is none', () => {
  for (const json of [
    {},
    { schema: {} },
    { schema: '{}', schemaType: 7 },
    { schema: '{}', schemaType: 'a kind of\nseveral words' },
    { schema: '{}', references: {} },
    { schema: '{}', references: [null] },
    { schema: '{}', references: [{ subject: 'b', version: '1' }] },
    { schema: '{}', references: [{ version: 1 }] },
  ])
    strictEqual(toRegisteredSchema(json), null, JSON.stringify(json));
});

test('a message names a version by its subject, quoted, and −1 as the latest', () => {
  const reference = { name: 'B', subject: 'b\n', version: 3 };
  strictEqual(versionName(reference), 'subject "b\\n" version 3');
  strictEqual(versionName({ ...reference, version: -1 }), 'subject "b\\n" version latest');
});
