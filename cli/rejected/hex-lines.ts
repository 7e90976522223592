import { number } from '../terminal/words.ts';

/** The bytes of a line, and the most that are drawn. */
const [ofLine, most] = [16, 512];

/** Draws bytes as lines of hexadecimal digits and of the ASCII characters that they have. */
export const hexLines = (bytes: Buffer): string[] => {
  const drawn = Math.min(bytes.length, most);
  const lines = Array.from({ length: Math.ceil(drawn / ofLine) }, (_, index) => {
    const part = bytes.subarray(index * ofLine, Math.min((index + 1) * ofLine, drawn));
    const hex = part.toString('hex').replaceAll(/..(?=.)/g, '$& ');
    const text = part.toString('latin1').replaceAll(/[^ -~]/g, '.');
    const at = (index * ofLine).toString(16).padStart(6, '0');
    return `${at}  ${hex.padEnd(ofLine * 3 - 1)}  ${text}`.trimEnd();
  });
  const rest = bytes.length - drawn;
  return rest === 0 ? lines : [...lines, `… ${number(rest)} more bytes: --json has all of them`];
};
