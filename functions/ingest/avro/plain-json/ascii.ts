// The bytes of ASCII characters that JSON and times as text are made of.
export const quote = 0x22;
export const plus = 0x2b;
export const comma = 0x2c;
export const minus = 0x2d;
export const dot = 0x2e;
export const zero = 0x30;
export const colon = 0x3a;
export const letterT = 0x54;
export const letterZ = 0x5a;
export const openingBracket = 0x5b;
export const backslash = 0x5c;
export const letterE = 0x65;
export const letterU = 0x75;
export const openingBrace = 0x7b;
export const closingBrace = 0x7d;

/** Tells whether a byte is a decimal digit. */
export const isDigit = (byte: number): boolean => byte >= zero && byte <= zero + 9;
