import { stripVTControlCharacters, styleText } from 'node:util';
import Table from 'cli-table3';

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Prints a step of a command's work, where it does not mix with the result: on standard error. */
export const printStep = (text: string): void => void process.stderr.write(`${text}\n`);

/** Prints a result for programs. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** The columns of an output that is no terminal, unless COLUMNS names others. */
const usualColumns = 80;
/** The fewest columns that anything is laid out for. */
const fewestColumns = 40;

/** Finds the width of the output, in characters: the terminal's, and 80 where it is a pipe or a file. COLUMNS changes both. */
export const columns = (): number =>
  Math.max(Number(process.env['COLUMNS']) || process.stdout.columns || usualColumns, fewestColumns);

/** Colours a verdict, where the output shows colours (NO_COLOR and FORCE_COLOR decide otherwise). */
export const verdict = (isRight: boolean, text: string): string =>
  styleText(isRight ? 'green' : 'red', text);

const gap = 2;
const widthOf = (text: string): number => stripVTControlCharacters(text).length;
const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));

/** The longest part of a word that a table does not break. */
const mostUnbroken = 24;

/**
 * Draws rows under a head, within the width of the output: long cells are broken between words. Rows that do not fit by this are drawn
 * one below the other, a column a line.
 * @param numbers true aligns all columns but the first to the right.
 */
export const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = false,
): string => {
  const texts = head.map((name, column) => [name, ...rows.map((row) => row[column] ?? '')]);
  const natural = texts.map((column) => widest(column.flatMap((text) => text.split('\n'))));
  const least = texts.map((column) => widest(column.flatMap((text) => text.split(/\s+/))));
  const room = columns() - gap * (head.length - 1);
  if (sum(least.map((width) => Math.min(width, mostUnbroken))) > room) return list(head, rows);
  // Cells of numbers are broken last: the words of the head give way before them.
  const cells = texts.map(([, ...column], index) =>
    Math.max(widest(column.flatMap((text) => text.split('\n'))), least[index] ?? 0),
  );
  const widths =
    sum(natural) <= room
      ? natural
      : sum(cells) <= room
        ? fitted(cells, natural, room)
        : fitted(
            least.map((width) => Math.min(width, mostUnbroken)),
            cells,
            room,
          );
  const drawn = new Table({
    chars: frame,
    colAligns: head.map((_, column) => (numbers && column > 0 ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  const lines = widths.map((width) => '─'.repeat(width));
  const hasHead = head.some((name) => name !== '');
  drawn.push(
    ...[...(hasHead ? [head, lines] : []), ...rows].map((row) =>
      head.map((_, column) => wrap(row[column] ?? '', widths[column] ?? 0, true)),
    ),
  );
  return drawn.toString().replaceAll(/ +$/gm, '');
};

/** Nothing but the space between columns. */
const frame = Object.fromEntries(
  [
    ...['top', 'bottom', 'mid', 'left', 'right'],
    ...['top', 'bottom'].flatMap((side) => ['mid', 'left', 'right'].map((at) => `${side}-${at}`)),
    ...['left-mid', 'mid-mid', 'right-mid'],
  ].map((part): [string, string] => [part, '']),
);
frame['middle'] = ' '.repeat(gap);

/** Widens columns evenly, each from its least to its largest width, until they fill the room. */
const fitted = (least: readonly number[], most: readonly number[], room: number): number[] => {
  const within = (limit: number): number[] =>
    least.map((width, column) => Math.max(width, Math.min(most[column] ?? 0, limit)));
  let limit = 0;
  while (limit < room && sum(within(limit + 1)) <= room) limit += 1;
  return within(limit);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Draws rows one below the other, each as its columns' names and values. */
const list = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const names = widest(head);
  const line = (name: string, text: string): string => {
    const [first = '', ...others] = wrap(text, columns() - names - gap, true).split('\n');
    return [
      `${name.padEnd(names)}${' '.repeat(gap)}${first}`,
      ...others.map((other) => `${' '.repeat(names + gap)}${other}`),
    ].join('\n');
  };
  return rows
    .map((row) =>
      head
        .flatMap((name, column) => (row[column] ? [line(name, row[column])] : []))
        .join('\n')
        .replaceAll(/ +$/gm, ''),
    )
    .join('\n\n');
};

/**
 * Breaks a text into lines between words.
 * @param within true also breaks a word longer than a line; otherwise it has a line of its own.
 */
export const wrap = (text: string, width: number, within = false): string =>
  text
    .split('\n')
    .flatMap((line) => {
      if (widthOf(line) <= width) return [line];
      const lines: string[] = [];
      for (const word of line.split(' ').flatMap((one) => (within ? broken(one, width) : [one]))) {
        const last = lines.at(-1);
        if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width)
          lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
      }
      return lines;
    })
    .join('\n');

/** Breaks a word into parts of a width. A coloured word stays whole. */
const broken = (word: string, width: number): string[] =>
  word.length <= width || widthOf(word) < word.length
    ? [word]
    : Array.from({ length: Math.ceil(word.length / width) }, (_, part) =>
        word.slice(part * width, (part + 1) * width),
      );

/** Writes a time in milliseconds as ISO 8601. */
export const isoTime = (time: number | null): string =>
  time === null ? 'none' : new Date(time).toISOString();

/** Writes a time to the second, in two words, which a narrow column breaks. */
export const shortTime = (time: Date): string => time.toISOString().replace(/T(.*)\.\d+Z$/, ' $1');
