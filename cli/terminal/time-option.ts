import { InvalidArgumentError } from 'commander';
import { UserFacingError } from './user-facing-error.ts';

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const rule =
  'a time in UTC such as 2026-11-29 or 2026-11-29T12:00Z, or a time ago such as 90m, 2h or 7d';

/** Reads a length of time such as `90m`, in milliseconds. @throws {InvalidArgumentError} for another text. */
export const lengthOfTime = (text: string): number => {
  const [, digits, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (digits === undefined)
    throw new InvalidArgumentError('It must be a length of time such as 30s, 90m, 2h or 7d.');
  return Number(digits) * (units[unit] ?? 0);
};

/** The first time that has four digits for its year. */
const earliest = Date.parse('0001-01-01');

/** Tells whether there is a day: the 31st of February would be one of March. */
const isDay = (text: string): boolean => {
  const time = Date.parse(text);
  return time >= earliest && new Date(time).toISOString().startsWith(text);
};

/** Reads a time, in milliseconds: in ISO 8601, which is UTC unless it says otherwise, or as a length of time ago. */
export const timeOption = (text: string, now: number = Date.now()): number => {
  if (/^\d{1,6}[smhd]$/.test(text)) return Math.max(earliest, now - lengthOfTime(text));
  const iso = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(10));
  const time =
    iso.test(text) && isDay(text.slice(0, 10))
      ? Date.parse(text.length > 10 && !hasZone ? `${text}Z` : text)
      : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError(`It must be ${rule}.`);
  return time;
};

/** Checks that a range of times has something in it. @throws {UserFacingError} where it ends before it begins: nothing would be looked at. */
export const checkOrder = (
  from: number,
  to: number,
  options = '--from must be before --to',
): void => {
  if (from >= to)
    throw new UserFacingError(
      `${options}: they are ${new Date(from).toISOString()} and ${new Date(to).toISOString()}.`,
    );
};
