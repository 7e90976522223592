import type { Output } from '../../cli/output/output.ts';
import type { AnswerLine } from './protocol.ts';

/** The bytes of JSON that an answer's lines may have: Lambda takes 6 MB for the whole answer. */
const mostBytes = 5_000_000;

/** The lines that are kept before they are written to the file. */
const mostWaiting = 1_000;

/** The output of a command in the function: lines for the answer, and behind its limit for a file. */
export interface AnswerLines {
  readonly output: Output;
  readonly lines: readonly AnswerLine[];
  /** How far the work is, as it was shown last. */
  readonly progress: () => string;
  /** Writes what waits for the file. */
  readonly finish: () => void;
}

/**
 * Collects the lines of a command.
 * @param append appends text to the file of further lines.
 */
export const collectLines = (append: (text: string) => void, most = mostBytes): AnswerLines => {
  const lines: AnswerLine[] = [];
  let bytes = 0;
  let isFull = false;
  let waiting: string[] = [];
  let progress = '';
  const flush = (): void => {
    if (waiting.length > 0) append(`${waiting.join('\n')}\n`);
    waiting = [];
  };
  const add = (line: AnswerLine): void => {
    const text = JSON.stringify(line);
    bytes += Buffer.byteLength(text) + 1;
    // What comes behind the first line in the file goes there too, or lines would change places.
    isFull ||= bytes > most;
    if (!isFull) lines.push(line);
    else if (waiting.push(text) >= mostWaiting) flush();
  };
  return {
    output: {
      print: (line) => add(['out', line]),
      tell: (line) => add(['err', line]),
      progress(text) {
        progress = text;
      },
    },
    lines,
    progress: () => progress,
    finish: flush,
  };
};
