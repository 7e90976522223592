import type { AvroType } from './avro-schema.ts';
import type { Cursor } from './cursor.ts';
import { Fault } from './fault.ts';

/** Passes over one value. */
type Skip = (cursor: Cursor) => void;

/** Null where a value takes no byte at all: there is nothing to pass over, however often. */
type MaybeSkip = Skip | null;

/**
 * How values of a writer's types are passed over, in time that grows with their bytes whatever the schema is: types
 * without bytes cost nothing, and each other step takes a byte at least.
 */
export const createSkips = (): ((type: AvroType) => MaybeSkip) => {
  const known = new Map<AvroType, MaybeSkip>();

  const skipOf = (type: AvroType): MaybeSkip => {
    const found = known.get(type);
    if (found !== undefined) return found;
    if (type.kind !== 'record') {
      const skip = simple(type);
      known.set(type, skip);
      return skip;
    }
    const fields: Skip[] = [];
    const each: Skip = (cursor) => {
      for (const field of fields) field(cursor);
    };
    const skip: Skip = (cursor) => cursor.nested(each);
    // Entered before its fields, for the record may contain itself.
    known.set(type, skip);
    fields.push(...type.fields.map((field) => skipOf(field.type)).filter((one) => one !== null));
    if (fields.length > 0) return skip;
    known.set(type, null);
    return null;
  };

  const simple = (type: Exclude<AvroType, { kind: 'record' }>): MaybeSkip => {
    switch (type.kind) {
      case 'null':
        return null;
      case 'boolean':
        return (cursor) => cursor.skip(1);
      case 'int':
      case 'long':
        return (cursor) => void cursor.long();
      case 'float':
        return (cursor) => cursor.skip(4);
      case 'double':
        return (cursor) => cursor.skip(8);
      case 'bytes':
      case 'string':
        return (cursor) => cursor.skip(cursor.long());
      case 'fixed':
        return type.size === 0 ? null : (cursor) => cursor.skip(type.size);
      case 'enum':
        return (cursor) => {
          const index = cursor.long();
          if (index < 0 || index >= type.symbols) throw new Fault('an enum has no such symbol');
        };
      case 'array': {
        const items = skipOf(type.items);
        return (cursor) => skipBlocks(cursor, items);
      }
      case 'map': {
        const values = skipOf(type.values);
        return (cursor) =>
          skipBlocks(cursor, (entry) => {
            entry.skip(entry.long());
            values?.(entry);
          });
      }
      case 'union': {
        const branches = type.branches.map(skipOf);
        return (cursor) => {
          const branch = branches[cursor.long()];
          if (branch === undefined) throw new Fault('a union has no such branch');
          branch?.(cursor);
        };
      }
    }
  };
  return skipOf;
};

const skipBlocks = (cursor: Cursor, entry: MaybeSkip): void => {
  const smallest = entry === null ? 0 : 1;
  for (let count = cursor.blockCount(smallest); count !== 0; count = cursor.blockCount(smallest))
    if (entry !== null) for (; count > 0; count -= 1) entry(cursor);
};
