/** Rows of one statement, addressed by their index, so that no row needs an object of its own. */
export interface Rows {
  /** How many rows there are. */
  readonly count: number;
  /** How many values each row has. */
  readonly columns: number;
  /** Bytes of a row in a request: of all its values, each with its length before it. */
  requestBytes(index: number): number;
  /** Bytes that the server counts for a row. */
  mutationBytes(index: number): number;
  /** Writes a row's values at a position of a request. @param words a view of the same bytes. @returns where the next bytes begin. */
  encode(index: number, into: Buffer, at: number, words?: DataView): number;
  /** The values of a row one by one, for the driver; null where there is none. */
  values(index: number): (Buffer | null)[];
  /** The partition key of a row, as the driver hashes it. */
  routingKey(index: number): Buffer;
  /** A whole number of 32 bits: the same for all rows of a partition, and different for most others. */
  partitionHash(index: number): number;
  /** Tells whether two rows are of one partition. */
  samePartition(one: number, other: number): boolean;
}

/** Some of the rows, by their indexes: those of one request. */
export interface RowBatch {
  readonly rows: Rows;
  readonly indexes: readonly number[];
}
