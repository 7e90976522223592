/** Characters that nobody sees, by which a text could move the cursor, colour the terminal, end a line or turn its direction. */
export const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Replaces the unseen characters of a text that is not ours by their numbers. */
export const printable = (text: string): string =>
  text.replaceAll(unseen, (character) => {
    const number = (character.codePointAt(0) ?? 0).toString(16);
    return number.length > 4 ? `\\u{${number}}` : `\\u${number.padStart(4, '0')}`;
  });
