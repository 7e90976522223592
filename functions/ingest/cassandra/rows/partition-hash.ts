import { randomInt } from 'node:crypto';

/** Odd, and of this process alone: nobody outside can choose user_ids that all have one hash. */
const factor = (): number => randomInt(2 ** 31) * 2 + 1;
const [a, b, c, d, e] = [factor(), factor(), factor(), factor(), factor()];

/** A whole number of 32 bits for five. */
export const partitionHash = (
  one: number,
  two: number,
  three: number,
  four: number,
  five: number,
): number =>
  (Math.imul(one, a) +
    Math.imul(two, b) +
    Math.imul(three, c) +
    Math.imul(four, d) +
    Math.imul(five, e)) |
  0;
