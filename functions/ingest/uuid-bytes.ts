/** A uuid as text has 36 characters: 8-4-4-4-12 hexadecimal digits. */
export const uuidLength = 36;

const notADigit = 0xff;
/** What the code of a hexadecimal digit stands for. */
const digits = new Uint8Array(256).fill(notADigit);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digits[digit.charCodeAt(0)] = value;
  digits[digit.toUpperCase().charCodeAt(0)] = value;
}

const dash = 0x2d;
const dashes: readonly number[] = [8, 13, 18, 23];
/** Where the pairs of digits begin. */
const pairs: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Whether the 36 bytes from `start` on, which must be there, are a uuid's text; in upper case too. */
export const isUuidText = (bytes: Uint8Array, start: number): boolean => {
  let all = 0;
  for (const pair of pairs)
    all |=
      (digits[bytes[start + pair] as number] as number) |
      (digits[bytes[start + pair + 1] as number] as number);
  for (const place of dashes) if (bytes[start + place] !== dash) return false;
  return all < 0x10;
};

/** Writes the 16 bytes of a uuid whose text, checked before, lies in other bytes. */
export const copyUuid = (text: Uint8Array, start: number, into: Uint8Array, at: number): void => {
  let position = at;
  for (const pair of pairs) {
    into[position] =
      ((digits[text[start + pair] as number] as number) << 4) |
      (digits[text[start + pair + 1] as number] as number);
    position += 1;
  }
};

/** Writes the 16 bytes of a uuid. @param text checked before. */
export const writeUuid = (text: string, into: Uint8Array, at: number): void => {
  let position = at;
  for (const pair of pairs) {
    into[position] =
      ((digits[text.charCodeAt(pair)] as number) << 4) |
      (digits[text.charCodeAt(pair + 1)] as number);
    position += 1;
  }
};
