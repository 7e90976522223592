import { type Step, UnexpectedEndError } from './rehearsal.ts';

/** The outcome of a scenario. */
export type Outcome = { readonly steps: readonly Step[]; readonly seconds: number } & (
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly error: unknown }
);

/** The columns of a terminal. */
const width = 80;
const indent = '    ';

/** Makes the account of one scenario: its sentence, its steps with their seconds, and the reason of a failure. */
export const accountOf = (name: string, outcome: Outcome): string => {
  const { kind, steps, seconds } = outcome;
  const mark = kind === 'passed' ? '✔' : '✖';
  const head = wrapped(`${mark} ${name} (${seconds.toFixed(0)} s)`, '  ');
  const lines = steps.map(({ what, seconds: each, code }) => {
    const exit = code === undefined ? '' : `exit ${code}`;
    const took = `${exit} ${each.toFixed(1).padStart(6)} s`;
    const room = width - indent.length - took.length - 1;
    return `${indent}${what.slice(0, room).padEnd(room)} ${took}`;
  });
  return [...head, ...lines, ...(outcome.kind === 'failed' ? [whyOf(outcome.error)] : [])].join(
    '\n',
  );
};

/** Makes the last line, from which a CI knows how many scenarios were run. */
export const totalOf = (outcomes: readonly Outcome[]): string => {
  const count = (kind: Outcome['kind']) => outcomes.filter((one) => one.kind === kind).length;
  return `${count('passed')} passed, ${count('failed')} failed`;
};

/** Gives the reason of a failure: the output of a command that ended unexpectedly, or the stack of any other error. */
const whyOf = (error: unknown): string => {
  if (error instanceof UnexpectedEndError) return error.message;
  if (error instanceof SuppressedError)
    return `${whyOf(error.suppressed)}\nand then, as it was closed: ${whyOf(error.error)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

/** Wraps words at the terminal's width, and indents all lines but the first. */
const wrapped = (text: string, rest: string): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
};
