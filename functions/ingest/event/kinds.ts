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

/** What a kind is called in an Avro schema and in CQL. */
interface KindOf {
  /** The Avro type of the reader's schema, as a message names it. */
  readonly avro: string;
  /** The column's type, as `tables.cql` writes it. */
  readonly cql: string;
  /** Bytes of the value in a request; null where each value has its own length. */
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
 * The kind that a type of the reader's schema has; undefined where no column can hold its values.
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

/** A date, a decimal or another unit of time is no plain number. */
const plain = (kind: Kind, logicalType: unknown): Kind | undefined =>
  logicalType === undefined ? kind : undefined;
