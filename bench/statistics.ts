/** Gives a percentile of numbers. @param share a number from 0 to 1. */
export const percentile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;

/** Gives the median; the mean of the middle two if there is an even number of them. */
export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return sum([Math.floor(middle), Math.ceil(middle)].map((at) => sorted[at] ?? Number.NaN)) / 2;
};

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, one) => total + one, 0);
