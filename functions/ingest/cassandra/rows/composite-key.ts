/** A partition key of several columns, as the driver hashes it: the length, the bytes and a zero of each. */
export const compositeKey = (columns: readonly Buffer[]): Buffer =>
  Buffer.concat(
    columns.flatMap((value) => [Buffer.of(value.length >> 8, value.length), value, end]),
  );

const end = Buffer.of(0);
