import { InvalidArgumentError } from 'commander';

/** Makes a parser of an option's value: a whole number, both ends included. */
export const wholeNumber = (lowest: number, highest: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < lowest || value > highest)
    throw new InvalidArgumentError(`It must be a whole number, ${lowest} to ${highest}.`);
  return value;
};
