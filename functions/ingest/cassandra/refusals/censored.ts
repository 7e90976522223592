const word = /[\p{L}\p{N}_]+/gu;
const mostLetters = 400;

/**
 * Repeats a server's message without possible contents of a row. A word becomes `…` where it occurs in the row's values, has a
 * digit or a letter outside ASCII, or could be hexadecimal. Words of one or two letters stay.
 * @param contents the values of the row, encoded.
 */
export const censored = (message: string, contents: readonly (Buffer | null)[]): string => {
  const texts = contents.flatMap((value) =>
    value === null ? [] : [value.toString('latin1').toLowerCase()],
  );
  const isContent = (one: string): boolean => {
    if (/[^A-Za-z_]/.test(one) || /^[a-f]{4,}$/i.test(one)) return true;
    return one.length > 2 && texts.some((text) => text.includes(one.toLowerCase()));
  };
  const shown = message.length > mostLetters ? `${message.slice(0, mostLetters)} …` : message;
  return shown.replace(word, (one) => (isContent(one) ? '…' : one));
};
