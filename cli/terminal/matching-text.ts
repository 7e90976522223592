import { InvalidArgumentError } from 'commander';

/** Makes a parser of an option's value: a text that a setting of the function takes too. */
export const matchingText =
  ({ pattern, rule }: { readonly pattern: RegExp; readonly rule: string }) =>
  (text: string): string => {
    if (!pattern.test(text)) throw new InvalidArgumentError(`It must be ${rule}.`);
    return text;
  };
