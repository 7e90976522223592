import { unseen } from './printable.ts';

/** Writes a word's unseen characters by the numbers of their bytes, as bash, zsh and ksh read them between `$'` and `'`. */
const withNumbers = (word: string): string =>
  `$'${word
    .replaceAll(/[\\']/g, '\\$&')
    .replaceAll(unseen, (character) =>
      [...new TextEncoder().encode(character)]
        .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
        .join(''),
    )}'`;

/**
 * Writes words as a shell reads them: those with other than harmless characters in single quotes. A line can be pasted into a terminal
 * whatever is in its words, and shows all of them.
 */
export const shellWords = (words: readonly string[]): string =>
  words
    .map((word) => {
      if (/^[\w%+,./:=@-]+$/.test(word)) return word;
      return word.search(unseen) >= 0 ? withNumbers(word) : `'${word.replaceAll("'", "'\\''")}'`;
    })
    .join(' ');
