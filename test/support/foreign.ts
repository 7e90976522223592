import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Decoder } from '../../functions/ingest/pipeline/decoder.ts';
import { eventValues, type Fields } from './avro.ts';
import { isRejection } from './rejections.ts';
import { readBy } from './writers.ts';

/** A line of test/foreign/encode.py: a value that another encoder made. */
export interface ForeignValue {
  readonly case: string;
  readonly encoder: string;
  /** The wire format; null for bare Avro bytes. */
  readonly wire: 'id' | 'header' | 'glue' | 'zlib' | null;
  readonly schemaId: number | string | null;
  readonly schema: object;
  /** The value in base64. */
  readonly value: string;
  readonly headers: readonly (readonly [name: string, base64: string])[];
  /** The expected event, or the reason of the rejection. */
  readonly expected: Fields | string;
}

export const foreignValues = (lines: string): ForeignValue[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Gives the id of a value's schema; one made from the case's name if the value names none. */
export const idOf = ({ schemaId, case: name }: ForeignValue): string =>
  String(schemaId ?? [...Buffer.from(name)].reduce((id, byte) => (id * 31 + byte) % 1e9, 1));

/** Checks a value of another encoder. A bare value is read as the event source mapping delivers it, without its header. */
export const checkForeign = async (decoder: Decoder, foreign: ForeignValue): Promise<void> => {
  const { wire, value, headers, expected } = foreign;
  const result = await readBy(decoder, {
    value: Buffer.from(value, 'base64'),
    headers: headers.map(([name, base64]) => ({ name, value: Buffer.from(base64, 'base64') })),
    ...(wire === null ? { validatedBy: { dataFormat: 'AVRO', schemaId: idOf(foreign) } } : {}),
  });
  if (typeof expected === 'string') {
    ok(isRejection(result));
    deepStrictEqual(result.reason, expected);
    return;
  }
  // Fields that are missing in the schema of these values have their defaults.
  deepStrictEqual(result, eventValues(expected));
};
