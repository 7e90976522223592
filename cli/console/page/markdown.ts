/** A part of a section of a page: a heading, a paragraph, commands, or a table with its head first. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };

/** A piece of a text: code, a link, or plain words. */
export interface Piece {
  readonly text: string;
  readonly kind: 'plain' | 'code' | 'link';
  /** Where a link leads. */
  readonly to?: string;
}

/** Gives the anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** Finds a section of a page, down to the next heading of its depth or above; null where there is none. */
export const sectionOf = (
  page: string,
  anchor: string,
): { readonly title: string; readonly blocks: readonly Block[] } | null => {
  const lines = page.split('\n');
  const depthOf = (line: string): number => /^(#+) /.exec(line)?.[1]?.length ?? 0;
  const from = lines.findIndex(
    (line) => depthOf(line) > 0 && anchorOf(line.replace(/^#+ /, '')) === anchor,
  );
  if (from === -1) return null;
  const depth = depthOf(lines[from] ?? '');
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => depthOf(line) > 0 && depthOf(line) <= depth);
  return {
    title: (lines[from] ?? '').replace(/^#+ /, ''),
    blocks: (end === -1 ? rest : rest.slice(0, end))
      .join('\n')
      .split(/\n{2,}/)
      .filter((text) => text.trim() !== '')
      .map(blockOf),
  };
};

const blockOf = (text: string): Block => {
  const lines = text.replace(/^\n+/, '').trimEnd().split('\n');
  if (lines.every((line) => line.startsWith('    ')))
    return { kind: 'commands', lines: lines.map((line) => line.trim()) };
  if (lines.every((line) => line.startsWith('|')))
    return {
      kind: 'table',
      rows: lines.filter((line) => !/^\|[-:| ]+\|$/.test(line)).map(cellsOf),
    };
  const [, heading] = /^#+ (.*)$/.exec(text) ?? [];
  return heading === undefined
    ? { kind: 'text', text: lines.join(' ') }
    : { kind: 'heading', text: heading };
};

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());

/** Cuts a text into its code, its links and its words. */
export const piecesOf = (text: string): Piece[] =>
  [...text.matchAll(/`([^`]+)`|\[((?:[^\]`]|`[^`]*`)+)\]\(([^)]+)\)|(?:[^`[]+|[`[])/g)].map(
    ([plain, code, link, to]) =>
      code !== undefined
        ? { kind: 'code', text: code }
        : link !== undefined && to !== undefined
          ? { kind: 'link', text: link.replaceAll('`', ''), to }
          : { kind: 'plain', text: plain.replaceAll('*', '') },
  );
