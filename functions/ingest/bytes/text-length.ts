/**
 * Reads the length before a text in Avro's encoding, which has been checked: four bytes of seven bits at most, and not below zero.
 * @returns bytes of the text.
 */
export const textLength = (bytes: Uint8Array, at: number): number => {
  let byte = bytes[at] as number;
  let zigzag = byte & 0x7f;
  for (let shift = 7, next = at + 1; byte >= 0x80; shift += 7, next += 1) {
    byte = bytes[next] as number;
    zigzag |= (byte & 0x7f) << shift;
  }
  return zigzag >>> 1;
};

/** Finds where the text behind a length begins. */
export const behindLength = (bytes: Uint8Array, at: number): number => {
  let end = at;
  while ((bytes[end] as number) >= 0x80) end += 1;
  return end + 1;
};

/** Bytes that the length before a text takes. */
export const lengthBytes = (length: number): number =>
  length < 2 ** 6 ? 1 : length < 2 ** 13 ? 2 : length < 2 ** 20 ? 3 : 4;

/** Writes the length before a text. @returns where the text begins. */
export const writeLength = (into: Uint8Array, at: number, length: number): number => {
  let rest = length * 2;
  let next = at;
  while (rest >= 0x80) {
    into[next] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
    next += 1;
  }
  into[next] = rest;
  return next + 1;
};
