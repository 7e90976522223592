import { isUtf8 } from 'node:buffer';
import { type Rejection, rejected } from '../../event/rejection.ts';
import type { Decoded, FieldValues } from '../../event/user-event.ts';
import { DecodeFailure } from '../decode-failure.ts';
import { isJsonObject, type ReadJson } from './json-types.ts';

const openingBrace = 0x7b;

/**
 * Reads a value that the event source mapping has turned into JSON (`eventRecordFormat: JSON`); undefined where the bytes are no
 * JSON object.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html
 * @param read by the shape of the schema that it was written with.
 */
export const readJson = (
  value: Buffer,
  read: ReadJson<FieldValues>,
): Decoded | Rejection | undefined => {
  if (value[0] !== openingBrace || !isUtf8(value)) return undefined;
  const given = parseJson(value.toString('utf8'));
  if (!isJsonObject(given)) return undefined;
  try {
    return { kind: 'decoded', values: read(given, 'plain') };
  } catch (error) {
    const fault = error instanceof DecodeFailure ? error.message : 'that cannot be read';
    return rejected('undecodable', `the value is JSON ${fault}`);
  }
};

/** A whole number that has as many digits as a double may round. */
const mayBeRounded = /\d{16}/;

/** The third argument of a reviver, which the library's types lack: the text of a value. */
interface Source {
  readonly source?: string;
}

/** Parses a text; undefined where it is no JSON. A whole number that a double would round is a bigint: nanoseconds have 19 digits. */
const parseJson = (text: string): unknown => {
  try {
    return mayBeRounded.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
  } catch {
    return undefined;
  }
};

function exact(this: unknown, _key: string, value: unknown, given?: Source): unknown {
  const { source = '' } = given ?? {};
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d{1,30}$/.test(source)
    ? BigInt(source)
    : value;
}
