import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Decoder } from '../../functions/ingest/pipeline/decoder.ts';
import { eventValues, type Fields } from './avro.ts';
import { isRejection } from './rejections.ts';
import { readBy } from './writers.ts';

/** A line of test/foreign/encode.py: a value that another encoder made. */
export interface ForeignValue {
  readonly case: string;
  readonly encoder: string;
  /** Null for Avro bytes without a wire format. */
  readonly wire: 'id' | 'header' | 'glue' | 'zlib' | null;
  readonly schemaId: number | string | null;
  readonly schema: object;
  /** Base64. */
  readonly value: string;
  readonly headers: readonly (readonly [name: string, base64: string])[];
  /** The event, or the reason why it is rejected. */
  readonly expected: Fields | string;
}

export const foreignValues = (lines: string): ForeignValue[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The id under which the schema of a value without one is handed to the decoder. */
export const idOf = ({ schemaId, case: name }: ForeignValue): string =>
  String(schemaId ?? [...Buffer.from(name)].reduce((id, byte) => (id * 31 + byte) % 1e9, 1));

/** A value without a wire format is read as the event source mapping would hand it over, its header taken off. */
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
  // Fields that the schema of these values does not have yet take their defaults.
  deepStrictEqual(result, eventValues(expected));
};
