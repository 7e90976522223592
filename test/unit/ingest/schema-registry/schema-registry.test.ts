import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  missingSchema,
  notAvro,
  unknownSchema,
} from '../../../../functions/ingest/schema-registry/schema-registry.ts';

const where = 'the registry has none of this id';
const unknown = {
  reason: 'unknown_schema',
  detail: `the value was written with schema 7, and ${where}`,
};

test('a value whose schema does not exist is rejected with the schema’s id and where it was looked for', () => {
  deepStrictEqual(unknownSchema(7, where), unknown);
});

test('a schema that may appear in a moment is marked as missing', () => {
  deepStrictEqual(missingSchema(7, where), { ...unknown, missing: true });
});

test('a value whose schema is of another kind is rejected with that kind', () => {
  deepStrictEqual(notAvro(7, 'PROTOBUF'), {
    reason: 'incompatible_schema',
    detail: 'schema 7 is PROTOBUF, not Avro',
  });
});
