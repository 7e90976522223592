import { type FileHandle, open, truncate } from 'node:fs/promises';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import {
  type Finding,
  type Header,
  type Line,
  type Open,
  readLines,
  type State,
} from './findings-file.ts';

/** Writes the lines of a findings file. */
export interface FindingsWriter extends AsyncDisposable {
  /** Appends lines, all or none as far as the file system can. */
  readonly write: (lines: readonly Line[]) => Promise<void>;
}

/** A writer that keeps nothing. */
export const noFile: FindingsWriter = {
  write: async () => {},
  async [Symbol.asyncDispose]() {},
};

/**
 * Begins a findings file with its header.
 * @throws {UserFacingError} where the file is there already, or cannot be made.
 */
export const beginFindings = async (file: string, header: Header): Promise<FindingsWriter> => {
  const writer = writerOf(
    await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST'
        ? new UserFacingError(
            `The file ${file} is there already. Go on with it by verify --resume ${file}, or name another.`,
          )
        : new UserFacingError(`The file ${file} cannot be written (${error.code}).`);
    }),
  );
  await writer.write([header]);
  return writer;
};

/** What an unfinished findings file says of the work so far. */
export interface Resumed {
  readonly header: Header;
  /** The last state; null where there was none, and the work begins anew. */
  readonly state: State | null;
  /** The records that were open. */
  readonly open: readonly Open[];
  readonly writer: FindingsWriter;
}

/**
 * Opens an unfinished findings file, and cuts off what stands behind its last state: that work is done again.
 * @param onFinding learns each finding before it.
 * @throws {UserFacingError} where it is finished, or no findings file.
 */
export const resumeFindings = async (
  file: string,
  onFinding: (finding: Finding) => void,
): Promise<Resumed> => {
  let header: Header | undefined;
  let state: State | null = null;
  let length = 0;
  /** The lines up to the last state, and those behind it. */
  let waiting: (Open | Finding | { readonly settled: string })[] = [];
  const stillOpen = new Map<string, Open>();
  for await (const { line, end } of readLines(file))
    switch (line.type) {
      case 'verify':
        header = line;
        length = end;
        break;
      case 'open':
      case 'finding':
        waiting.push(line);
        break;
      case 'settled':
        waiting.push({ settled: placeOf(line) });
        break;
      case 'state':
        for (const one of waiting)
          if ('settled' in one) stillOpen.delete(one.settled);
          else if (one.type === 'open') stillOpen.set(placeOf(one.finding), one);
          else onFinding(one);
        waiting = [];
        state = line;
        length = end;
        break;
      case 'end':
        throw new UserFacingError(
          `The verification of ${file} has come to its end. Look at its findings again by verify --again ${file}.`,
        );
    }
  if (header === undefined) throw new UserFacingError(`${file} is no findings file of verify.`);
  await truncate(file, length);
  return {
    header,
    state,
    open: [...stillOpen.values()],
    writer: writerOf(await open(file, 'a')),
  };
};

const placeOf = ({ partition, offset }: Pick<Finding, 'partition' | 'offset'>): string =>
  `${partition}@${offset}`;

const writerOf = (handle: FileHandle): FindingsWriter => ({
  async write(lines) {
    if (lines.length > 0)
      await handle.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  },
  [Symbol.asyncDispose]: () => handle.close(),
});
