import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Lists the files of the project that git has or would take, by their paths from its root; not those that are deleted. */
export const projectFiles = (...patterns: readonly string[]): string[] =>
  execFileSync(
    'git',
    ['ls-files', '-z', '--deduplicate', '--cached', '--others', '--exclude-standard', ...patterns],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  )
    .split('\0')
    .filter((path) => existsSync(path) && path !== '');

/** A page, with what it says in code and outside of it. */
export interface Page {
  readonly path: string;
  readonly lines: readonly string[];
  /** The lines outside of fenced and indented blocks of code. */
  readonly prose: readonly string[];
  /** The texts between single backticks, outside of blocks. */
  readonly inline: readonly string[];
  /** The fenced blocks, with their languages, and the indented ones, whose language is empty. */
  readonly blocks: readonly { readonly language: string; readonly text: string }[];
}

export const readPage = (path: string): Page => {
  const lines = readFileSync(path, 'utf8').split('\n');
  const prose: string[] = [];
  const blocks: { language: string; text: string }[] = [];
  let fenced: { language: string; text: string } | undefined;
  let isAfterBlank = true;
  let indented: { language: string; text: string } | undefined;
  for (const line of lines) {
    const fence = /^ *```(\w*)/.exec(line);
    if (fence !== null) {
      if (fenced === undefined) fenced = { language: fence[1] ?? '', text: '' };
      else {
        blocks.push(fenced);
        fenced = undefined;
      }
    } else if (fenced !== undefined) fenced.text += `${line}\n`;
    // Four spaces after an empty line begin a block, but in a list, whose own text is indented by two or three.
    else if (/^ {4}/.test(line) && (isAfterBlank || indented !== undefined)) {
      indented ??= { language: '', text: '' };
      indented.text += `${line}\n`;
    } else {
      if (line !== '' && indented !== undefined) {
        blocks.push(indented);
        indented = undefined;
      }
      prose.push(line);
    }
    isAfterBlank = line === '';
  }
  if (indented !== undefined) blocks.push(indented);
  const inline = [...prose.join('\n').matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, code = '']) =>
    code.replaceAll(/\s+/g, ' '),
  );
  return { path, lines, prose, inline, blocks };
};

/** Makes the anchor of a heading, as GitHub does. */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[(.*?)\]\(.*?\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

export const anchorsIn = ({ prose }: Page): Set<string> =>
  new Set(prose.flatMap((line) => /^#+ (.+)$/.exec(line)?.[1] ?? []).map(anchorOf));

/** Lists the links of a page to files of the project, with the paths from its root. */
export const linksIn = ({
  path,
  prose,
}: Page): { readonly file: string; readonly anchor: string }[] =>
  [...prose.join('\n').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor = ''] = target.split('#');
      return { file: file === '' ? path : normalize(join(dirname(path), file)), anchor };
    });
