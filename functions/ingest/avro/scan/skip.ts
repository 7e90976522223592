import { kindOfType, type SchemaType, takesBytes, underlying } from '../schema/schema-type.ts';
import { behindLong, behindText, smallZigzag } from './event-scanner.ts';
import { type Operation, op, type ProgramBuilder, type Skip } from './scan-program.ts';

/** The operations that pass over simple types. */
const simple: ReadonlyMap<string, Operation> = new Map([
  ['boolean', [op.skipBytes, 1]],
  ['int', [op.skipLong, 0]],
  ['long', [op.skipLong, 0]],
  ['float', [op.skipBytes, 4]],
  ['double', [op.skipBytes, 8]],
  ['string', [op.skipText, 0]],
  ['bytes', [op.skipText, 0]],
]);

/** The deepest nesting of types; a scan calls a function for each level. */
const deepest = 100;

/**
 * Makes the operations of one program that pass over values with at least one byte. Each type gets one function: records that
 * contain the previous record twice would otherwise need a function for each occurrence.
 */
export const createSkips = (program: ProgramBuilder): ((type: SchemaType) => Operation) => {
  const known = new Map<SchemaType, Skip>();

  const skipOf = (given: SchemaType, depth: number): Skip => {
    const type = underlying(given);
    const found = known.get(type);
    if (found !== undefined) return found;
    if (depth > deepest) return left;
    // The type is entered before its parts, which may contain it: such a value could be nested without end.
    known.set(type, left);
    const skip = makeSkip(type, (part) => (takesBytes(part) ? skipOf(part, depth + 1) : null));
    known.set(type, skip);
    return skip;
  };

  return (type) => {
    const operation = simple.get(kindOfType(type));
    if (operation !== undefined) return operation;
    const { size } = underlying(type);
    return size === undefined ? program.addSkip(skipOf(type, 0)) : [op.skipBytes, size];
  };
};

/** Leaves the value to the general decoder. */
const left: Skip = () => -1;

/** Passes over a value without bytes. */
const nothing: Skip = (_, at) => at;

/**
 * Makes a function that passes over values of a type. It leaves arrays and maps whose blocks have a size.
 * @param skipOf makes the functions for the parts of the type; null for a part without bytes.
 */
const makeSkip = (type: SchemaType, skipOf: (part: SchemaType) => Skip | null): Skip => {
  const { size, symbols, fields, types, valuesType, itemsType } = type;
  const [operation, bytes] = simple.get(kindOfType(type)) ?? [op.skipBytes, size ?? 0];
  if (operation === op.skipLong) return behindLong;
  if (operation === op.skipText) return behindText;
  if (symbols !== undefined) return ofEnum(symbols.length);
  if (fields !== undefined) return inOrder(fields.map((field) => skipOf(field.type)));
  if (types !== undefined) return ofUnion(types.map(skipOf));
  if (valuesType !== undefined) return blocks(inOrder([behindText, skipOf(valuesType)]));
  if (itemsType !== undefined) return blocks(skipOf(itemsType) ?? nothing);
  return (_, at, end) => (at + bytes <= end ? at + bytes : -1);
};

const inOrder = (skips: readonly (Skip | null)[]): Skip => {
  const given = skips.filter((skip) => skip !== null);
  return (bytes, start, end) => {
    let at = start;
    for (const skip of given) {
      at = skip(bytes, at, end);
      if (at < 0) return -1;
    }
    return at;
  };
};

const ofUnion =
  (branches: readonly (Skip | null)[]): Skip =>
  (bytes, at, end) => {
    const zigzag = at < end ? (bytes[at] as number) : 1;
    const branch = (zigzag & 0x81) === 0 ? branches[zigzag >>> 1] : undefined;
    if (branch === undefined) return -1;
    return branch === null ? at + 1 : branch(bytes, at + 1, end);
  };

const ofEnum =
  (symbols: number): Skip =>
  (bytes, start, end) => {
    const at = behindLong(bytes, start, end);
    if (at < 0 || at - start > 4) return -1;
    const zigzag = smallZigzag(bytes, start, at);
    return (zigzag & 1) === 0 && zigzag >>> 1 < symbols ? at : -1;
  };

const blocks =
  (entry: Skip): Skip =>
  (bytes, start, end) => {
    let at = start;
    for (;;) {
      const first = at < end ? (bytes[at] as number) : 1;
      if (first === 0) return at + 1;
      // A count of one byte has at most 63 entries, and its block has no size.
      if ((first & 0x81) !== 0) return -1;
      at += 1;
      for (let count = first >>> 1; count > 0; count -= 1) {
        at = entry(bytes, at, end);
        if (at < 0) return -1;
      }
    }
  };
