import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeFailure } from '../../../../functions/ingest/avro/decode-failure.ts';
import { readValue } from '../../../../functions/ingest/avro/read-value.ts';
import type { ResolvedSchema } from '../../../../functions/ingest/avro/resolve-writer.ts';
import type { StrictTap } from '../../../../functions/ingest/avro/schema/strict-tap.ts';
import { within } from '../../../support/within.ts';

const read = (bytes: Buffer, by: (tap: StrictTap) => unknown) =>
  readValue(within(bytes), { read: by } as unknown as ResolvedSchema, {
    written: 'A of schema 7',
    length: 9,
  });
const undecodable = (fault: string) => ({
  kind: 'rejected',
  reason: 'undecodable',
  detail: `the value (9 bytes) is not one Avro A of schema 7: ${fault}`,
});

test('a value that is read to its very end is decoded', () => {
  deepStrictEqual(
    read(Buffer.of(14), (tap) => ({ x: tap.readInt() })),
    { kind: 'decoded', values: { x: 7 } },
  );
});

test('bytes behind a value’s end make it undecodable', () => {
  deepStrictEqual(
    read(Buffer.of(14, 0), (tap) => ({ x: tap.readInt() })),
    undecodable('trailing data'),
  );
});

test('a fault is told in its words, and an error that no value should cause without them', () => {
  const throwing = (error: unknown) => () => {
    throw error;
  };
  deepStrictEqual(
    read(Buffer.of(14), throwing(new DecodeFailure('a fault'))),
    undecodable('a fault'),
  );
  deepStrictEqual(
    read(Buffer.of(14), throwing(new RangeError('Maximum call stack size exceeded'))),
    undecodable('it cannot be read'),
  );
});
