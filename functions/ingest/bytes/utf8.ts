import { isUtf8 } from 'node:buffer';

/** Bytes up to which a loop is faster than a call. */
const short = 64;

/**
 * Tells whether some of a buffer's bytes are UTF-8 by RFC 3629 §4: without surrogates, without forms longer than need be, and nothing
 * above U+10FFFF.
 */
export const isUtf8Between = (bytes: Buffer, start: number, end: number): boolean => {
  if (end - start > short) return isUtf8(bytes.subarray(start, end));
  let at = start;
  while (at < end) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    // How many follow, and what the first of them may be.
    let more = 1;
    let lowest = 0x80;
    let highest = 0xbf;
    if (lead >= 0xf0) {
      more = 3;
      if (lead === 0xf0) lowest = 0x90;
      if (lead === 0xf4) highest = 0x8f;
    } else if (lead >= 0xe0) {
      more = 2;
      if (lead === 0xe0) lowest = 0xa0;
      if (lead === 0xed) highest = 0x9f;
    }
    const next = at + 1 + more;
    if (lead < 0xc2 || lead > 0xf4 || next > end) return false;
    const second = bytes[at + 1] as number;
    if (second < lowest || second > highest) return false;
    for (let other = at + 2; other < next; other += 1)
      if (((bytes[other] as number) & 0xc0) !== 0x80) return false;
    at = next;
  }
  return true;
};
