import Table from 'cli-table3';

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Draws rows under a head. @param numbers true aligns all columns but the first to the right. */
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

/** Breaks a text into lines between words; a word longer than `columns` has a line of its own. */
export const wrap = (text: string, columns: number): string => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
};

/** Writes a time in milliseconds as ISO 8601. */
export const isoTime = (time: number | null): string =>
  time === null ? 'none' : new Date(time).toISOString();
