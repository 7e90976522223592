import Table from 'cli-table3';

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Rows under a head, drawn; `numbers`: all columns but the first are aligned right. */
export const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = false,
): string => {
  const drawn = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (numbers && column > 0 ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
};

/** Milliseconds as ISO 8601. */
export const isoTime = (time: number | null): string =>
  time === null ? 'none' : new Date(time).toISOString();
