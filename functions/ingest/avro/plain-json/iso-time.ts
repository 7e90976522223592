import { colon, dot, isDigit, letterT, letterZ, minus, plus, zero } from './ascii.ts';

const minuteMs = 60_000;
/** The milliseconds of 400 years, after which the calendar repeats itself. */
const cycleMs = 146_097 * 86_400_000;

/**
 * Reads a time as RFC 3339 writes it, with capital letters: `2026-03-10T12:00:00Z`, or with up to nine digits of a second and an
 * offset from UTC. The time zone is required. A leap second and a day that its month lacks are no time.
 * https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 * @returns milliseconds since the epoch, rounded down; NaN where the text is no time.
 */
export const isoTime = (text: Uint8Array, start: number, end: number): number => {
  if (
    end - start < '2026-03-10T12:00:00Z'.length ||
    text[start + 4] !== minus ||
    text[start + 7] !== minus ||
    text[start + 10] !== letterT ||
    text[start + 13] !== colon ||
    text[start + 16] !== colon
  )
    return Number.NaN;
  const year = pair(text, start) * 100 + pair(text, start + 2);
  const month = pair(text, start + 5);
  const day = pair(text, start + 8);
  const hour = pair(text, start + 11);
  const minute = pair(text, start + 14);
  const second = pair(text, start + 17);
  const isTime =
    year >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isTime) return Number.NaN;

  let at = start + 19;
  let milliseconds = 0;
  if (text[at] === dot) {
    const first = at + 1;
    at = first;
    for (let scale = 100; at < end && isDigit(text[at] as number); scale /= 10, at += 1)
      if (at - first < 3) milliseconds += ((text[at] as number) - zero) * scale;
    if (at === first || at - first > 9) return Number.NaN;
  }
  const cycles = Math.floor(year / 400) - 5;
  const local =
    Date.UTC(2000 + (year % 400), month - 1, day, hour, minute, second) + cycles * cycleMs;
  return local + milliseconds - offsetMs(text, at, end);
};

/** Reads the time zone at the end of a time. @returns its offset from UTC in milliseconds; NaN where there is none. */
const offsetMs = (text: Uint8Array, at: number, end: number): number => {
  const sign = text[at];
  if (at + 1 === end && sign === letterZ) return 0;
  if (at + 6 !== end || (sign !== plus && sign !== minus) || text[at + 3] !== colon)
    return Number.NaN;
  const [hours, minutes] = [pair(text, at + 1), pair(text, at + 4)];
  if (!(hours < 24 && minutes < 60)) return Number.NaN;
  return (hours * 60 + minutes) * (sign === plus ? minuteMs : -minuteMs);
};

/** Reads two digits; NaN where they are none. */
const pair = (text: Uint8Array, at: number): number => {
  const [tens, ones] = [text[at] as number, text[at + 1] as number];
  return isDigit(tens) && isDigit(ones) ? (tens - zero) * 10 + ones - zero : Number.NaN;
};

const daysOf = (year: number, month: number): number => {
  if (month !== 2) return 30 + ((month + (month >> 3)) & 1);
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
};
