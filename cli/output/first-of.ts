/** Gives the first rows, each converted. The reading ends behind the last one. */
export const firstOf = async function* <T, Made>(
  rows: AsyncIterable<T>,
  limit: number,
  convert: (row: T) => Made,
): AsyncGenerator<Made> {
  let rest = limit;
  for await (const row of rows) {
    yield convert(row);
    rest -= 1;
    if (rest === 0) return;
  }
};
