import { deepStrictEqual, notDeepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compositeKey } from '../../../../../functions/ingest/cassandra/rows/composite-key.ts';
import { driverEncoder } from '../../../../support/driver-encoder.ts';

/** The key as the driver puts it together. */
const byDriver = (columns: readonly Buffer[]): Buffer | undefined => {
  let key: Buffer | undefined;
  driverEncoder.setRoutingKeyFromUser([], {
    getRoutingKey: () => columns,
    setRoutingKey(given) {
      key = given;
    },
  });
  return key;
};

const column = fc
  .oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 250, maxLength: 600 }))
  .map((array) => Buffer.from(array));

test('a partition key of two columns and more has the bytes that the driver gives it', () => {
  fc.assert(
    fc.property(fc.array(column, { minLength: 2, maxLength: 4 }), (columns) => {
      deepStrictEqual(compositeKey(columns), byDriver(columns));
    }),
  );
});

test('columns whose bytes are the same one behind the other, and not each by itself, have two keys', () => {
  const [ab, c, a, bc] = ['ab', 'c', 'a', 'bc'].map((text) => Buffer.from(text)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  notDeepStrictEqual(compositeKey([ab, c]), compositeKey([a, bc]));
});
