import { shellWords } from '../../terminal/shell-words.ts';
import { optionOf } from '../read-only.ts';

/** Writes a command line on the pipeline that is shown, with the options that are given. */
export const commandOf = (
  target: readonly string[],
  words: readonly string[],
  options: Readonly<Record<string, string | undefined>>,
): string =>
  shellWords([
    'npx',
    'user-events',
    ...words,
    ...Object.entries(options).flatMap(([name, value]) => optionOf(name, value)),
    ...target,
  ]);
