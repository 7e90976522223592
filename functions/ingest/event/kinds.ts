/** The kinds of value that a field of the event and its column can have. */
export type Kind =
  | 'uuid'
  | 'text'
  | 'time'
  | 'map'
  | 'bigint'
  | 'int'
  | 'boolean'
  | 'double'
  | 'blob';

/** The names of a kind in an Avro schema and in CQL, and its size. */
interface KindOf {
  /** The Avro type of the reader's schema, as messages name it. */
  readonly avro: string;
  /** The column's type, as in `tables.cql`. */
  readonly cql: string;
  /** The bytes of a value in a request; null where they differ between values. */
  readonly bytes: number | null;
}

export const kinds: { readonly [K in Kind]: KindOf } = {
  uuid: { avro: 'string (uuid)', cql: 'uuid', bytes: 16 },
  text: { avro: 'string', cql: 'text', bytes: null },
  time: { avro: 'long (timestamp-millis)', cql: 'timestamp', bytes: 8 },
  map: { avro: 'map of strings', cql: 'map<text, text>', bytes: null },
  bigint: { avro: 'long', cql: 'bigint', bytes: 8 },
  int: { avro: 'int', cql: 'int', bytes: 4 },
  boolean: { avro: 'boolean', cql: 'boolean', bytes: 1 },
  double: { avro: 'double', cql: 'double', bytes: 8 },
  blob: { avro: 'bytes', cql: 'blob', bytes: null },
};

/**
 * Finds the kind of a type in the reader's schema; returns undefined where no column can hold its values.
 * @param type a type in Avro's JSON, without the union that makes it nullable.
 */
export const kindOf = (type: unknown): Kind | undefined => {
  const { type: name, logicalType, values } = typeof type === 'string' ? { type } : Object(type);
  if (name === 'string') return logicalType === 'uuid' ? 'uuid' : 'text';
  if (name === 'long')
    return logicalType === 'timestamp-millis' ? 'time' : plain('bigint', logicalType);
  if (name === 'int') return plain('int', logicalType);
  if (name === 'boolean') return 'boolean';
  if (name === 'double') return 'double';
  if (name === 'bytes') return plain('blob', logicalType);
  if (name === 'map' && kindOf(values) === 'text') return 'map';
  return undefined;
};

/** Gives the kind of a type without a logical type: a date, a decimal or another unit of time is no plain number. */
const plain = (kind: Kind, logicalType: unknown): Kind | undefined =>
  logicalType === undefined ? kind : undefined;
