import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import {
  readWriterSchemas,
  WriterSchemasError,
} from '../../../../functions/ingest/schema-registry/writer-schemas-file.ts';

const record = { type: 'record', name: 'UserEvent', fields: [] };
const uuid = '11111111-1111-4111-8111-111111111111';

test('bundled schemas are read by their ids, and those of bare values as a list', () => {
  deepStrictEqual(readWriterSchemas({}), { byId: {}, bare: [] });
  deepStrictEqual(readWriterSchemas({ 7: record, [uuid]: 'string', bare: [record] }), {
    byId: { 7: record, [uuid]: 'string' },
    bare: [record],
  });
});

for (const [what, contents, mistakes] of [
  ['a list', [], ['it must be an object of schemas by their ids, and of the list `bare`']],
  ['null', null, ['it must be an object of schemas by their ids, and of the list `bare`']],
  [
    'keys that are no ids',
    { x: record, '07': record, [uuid.toUpperCase().replace('1', 'A')]: record },
    [
      'the key "x" must be the id of a schema (a number, or a uuid in small letters)',
      'the key "07" must be the id of a schema (a number, or a uuid in small letters)',
      'the key "A1111111-1111-4111-8111-111111111111" must be the id of a schema (a number, or a uuid in small letters)',
    ],
  ],
  [
    'values that are no schemas',
    { 1: null, 2: {}, 3: 4 },
    [
      '"1" must have an Avro schema',
      '"2" must have an Avro schema',
      '"3" must have an Avro schema',
    ],
  ],
  [
    'an object of bare schemas',
    { bare: {} },
    ['`bare` must be a list of schemas, the newest first'],
  ],
  ['a number among the bare schemas', { bare: [1] }, ['`bare` has an item that is no Avro schema']],
] as const)
  test(`${what} in schema/writer-schemas.json is refused, with every mistake`, () => {
    throws(() => readWriterSchemas(contents), new WriterSchemasError(mistakes));
  });
