import { InvalidArgumentError } from 'commander';

/**
 * Tells whether a record is in the sample. It depends on the record's place alone, so that the same records are looked up each time.
 * @param share the part of the records that is looked up, up to 1.
 */
export const isInSample = (partition: number, offset: number, share: number): boolean =>
  share >= 1 || mixed(partition, offset) < share * 2 ** 32;

/** Mixes a place into a whole number of 32 bits (the finalizer of MurmurHash3). */
const mixed = (partition: number, offset: number): number => {
  const high = Math.floor(offset / 2 ** 32);
  let hash = (offset ^ Math.imul(high + 1, 0x9e3779b1) ^ Math.imul(partition + 1, 0x85ebca77)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** Reads a share such as `1%` or `0.5%`. @throws {InvalidArgumentError} for another text. */
export const shareOption = (text: string): number => {
  const share = /^\d{1,3}(\.\d{1,6})?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : Number.NaN;
  if (share > 0 && share <= 1) return share;
  throw new InvalidArgumentError('It must be a share of the records, such as 1% or 0.5%.');
};

/**
 * Says what a sample proves. With none found among n, the true share is at most 3/n in 95 of 100 cases (the rule of three); with some found,
 * it is told by Wilson's interval.
 */
export const confidenceText = (wrong: number, of: number): string => {
  if (of === 0) return 'The sample has no record, and proves nothing.';
  const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
  if (wrong === 0)
    return `None of ${of.toLocaleString('en')} sampled records is wrong: at most ${percent(Math.min(1, 3 / of))} of all are, with 95 % confidence.`;
  const z = 1.96;
  const share = wrong / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half =
    (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return (
    `${wrong.toLocaleString('en')} of ${of.toLocaleString('en')} sampled records are wrong: ` +
    `${percent(Math.max(0, middle - half))} to ${percent(Math.min(1, middle + half))} of all are, with 95 % confidence.`
  );
};
