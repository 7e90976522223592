import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random choices that a seed repeats. */
export interface Random {
  /** Draws a whole number, both ends included. */
  between(lowest: number, highest: number): number;
  /** Draws true in `perTenThousand` of 10,000 cases. */
  chance(perTenThousand: number): boolean;
  oneOf<T>(choices: readonly [T, ...T[]]): T;
  bytes(count: number): Buffer;
}

export const createRandom = (seed: number): Random => {
  const generator = xoroshiro128plus(seed);
  const between = (lowest: number, highest: number): number =>
    uniformInt(generator, lowest, highest);
  return {
    between,
    chance: (perTenThousand) => between(0, 9_999) < perTenThousand,
    oneOf: (choices) => choices[between(0, choices.length - 1)] ?? choices[0],
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => between(0, 255))),
  };
};
