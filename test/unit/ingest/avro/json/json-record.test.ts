import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeFailure } from '../../../../../functions/ingest/avro/decode-failure.ts';
import { jsonRecord } from '../../../../../functions/ingest/avro/json/json-record.ts';
import { jsonText } from '../../../../../functions/ingest/avro/json/json-types.ts';

const read = jsonRecord([
  { name: 'page', names: ['page', 'url'], json: jsonText, fallback: undefined },
  { name: 'note', names: ['note'], json: jsonText, fallback: 'none' },
  { name: 'new', names: ['new'], json: undefined, fallback: null },
]);

test('each field is found by the first of its names that is there, and what else is there is passed over', () => {
  deepStrictEqual(read({ url: 'b', page: 'a', note: 'c', more: 7 }, 'plain'), {
    page: 'a',
    note: 'c',
    new: null,
  });
  deepStrictEqual(read({ url: 'b' }, 'plain'), { page: 'b', note: 'none', new: null });
});

test('a field that the writer does not have takes its default, whatever the JSON has by its name', () => {
  deepStrictEqual(read({ page: 'a', new: 'x' }, 'plain'), { page: 'a', note: 'none', new: null });
});

for (const [what, given, fault] of [
  ['that is no object', [], 'that is not an object'],
  ['without a field that has no default', { note: 'c' }, 'without page'],
  ['with a field of another kind', { page: 7 }, 'whose page is not a text'],
  ['with a name that objects have of their own', { toString: 'a' }, 'without page'],
] as const)
  test(`JSON ${what} is a fault: ${fault}`, () => {
    throws(() => read(given, 'plain'), new DecodeFailure(fault));
  });
