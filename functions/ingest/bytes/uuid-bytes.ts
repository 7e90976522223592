/** A uuid as text has 36 characters: 8-4-4-4-12 hexadecimal digits. */
export const uuidLength = 36;

/** More than four digits stand for. */
const notADigit = 0x1_0000;
/** The values of hexadecimal digits, by their character codes. */
const digits = new Int32Array(256).fill(notADigit);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digits[digit.charCodeAt(0)] = value;
  digits[digit.toUpperCase().charCodeAt(0)] = value;
}

const dash = 0x2d;

/** Reads four hexadecimal digits; a number of more than 16 bits tells that one of them is none. */
const four = (text: Uint8Array, at: number): number =>
  ((digits[text[at] as number] as number) << 12) |
  ((digits[text[at + 1] as number] as number) << 8) |
  ((digits[text[at + 2] as number] as number) << 4) |
  (digits[text[at + 3] as number] as number);

/**
 * Takes a uuid's text, in upper case too, for four whole numbers of 32 bits, its first digits first.
 * @param start where its 36 bytes begin, which must be there.
 * @param into is written from `at` on, also where the bytes are no uuid's text.
 * @returns true where they are.
 */
export const readUuid = (text: Uint8Array, start: number, into: Int32Array, at = 0): boolean => {
  const a = four(text, start);
  const b = four(text, start + 4);
  const c = four(text, start + 9);
  const d = four(text, start + 14);
  const e = four(text, start + 19);
  const f = four(text, start + 24);
  const g = four(text, start + 28);
  const h = four(text, start + 32);
  into[at] = (a << 16) | b;
  into[at + 1] = (c << 16) | d;
  into[at + 2] = (e << 16) | f;
  into[at + 3] = (g << 16) | h;
  return (
    (a | b | c | d | e | f | g | h) < notADigit &&
    text[start + 8] === dash &&
    text[start + 13] === dash &&
    text[start + 18] === dash &&
    text[start + 23] === dash
  );
};
