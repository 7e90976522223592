import { kindOfType, type SchemaType, takesBytes, underlying } from '../schema/schema-type.ts';
import { behindLong, behindText, smallZigzag } from './event-scanner.ts';
import { type Operation, op, type ProgramBuilder, type Skip } from './scan-program.ts';

/** Operations for values that are passed over without more than their bytes. */
const simple: ReadonlyMap<string, Operation> = new Map([
  ['boolean', [op.skipBytes, 1]],
  ['int', [op.skipLong, 0]],
  ['long', [op.skipLong, 0]],
  ['float', [op.skipBytes, 4]],
  ['double', [op.skipBytes, 8]],
  ['string', [op.skipText, 0]],
  ['bytes', [op.skipText, 0]],
]);

/** Levels of types within types; a scan calls a function for each. */
const deepest = 100;

/**
 * Makes the operations of one program that pass over values of a writer's types, of those that take a byte at least. A function is made
 * once for each type: records that hold the one before twice would need one for each place otherwise.
 */
export const createSkips = (program: ProgramBuilder): ((type: SchemaType) => Operation) => {
  const known = new Map<SchemaType, Skip>();

  const skipOf = (given: SchemaType, depth: number): Skip => {
    const type = underlying(given);
    const found = known.get(type);
    if (found !== undefined) return found;
    if (depth > deepest) return left;
    // Entered before its parts, which may be of the type itself: a value could be nested without end.
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

/** Leaves the value to the decoder of all values. */
const left: Skip = () => -1;

/** Passes over a value that takes no byte. */
const nothing: Skip = (_, at) => at;

/**
 * Makes what passes over values of a type. Arrays and maps in blocks that say their size are left.
 * @param skipOf makes the same for the parts of it; null where a value takes no byte.
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
      // One byte: 63 entries at most, whose block does not say its size.
      if ((first & 0x81) !== 0) return -1;
      at += 1;
      for (let count = first >>> 1; count > 0; count -= 1) {
        at = entry(bytes, at, end);
        if (at < 0) return -1;
      }
    }
  };
