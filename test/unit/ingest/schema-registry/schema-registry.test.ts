import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  notAvro,
  unknownSchema,
  unregistered,
} from '../../../../functions/ingest/schema-registry/schema-registry.ts';

const where = 'the registry has none of this id';
const unknown = {
  kind: 'rejected',
  reason: 'unknown_schema',
  detail: `the value was written with schema 7, and ${where}`,
};

test('a value whose schema does not exist is rejected with the schema’s id and where it was looked for', () => {
  deepStrictEqual(unknownSchema(7, where), unknown);
});

test('a schema that may appear in a moment is marked as one that may appear', () => {
  deepStrictEqual(unregistered(7, where), { ...unknown, mayAppear: true });
});

test('a value whose schema is of another kind is rejected with that kind', () => {
  deepStrictEqual(notAvro(7, 'PROTOBUF'), {
    kind: 'rejected',
    reason: 'incompatible_schema',
    detail: 'schema 7 is PROTOBUF, not Avro',
  });
});
