/** Checks of an unknown value by dotted paths; what is wrong is gathered, not thrown. */
export interface Checks {
  readonly mistakes: readonly string[];
  at(path: string): unknown;
  mistake(path: string, rule: string): void;
  /** An object with no other keys than these: a misspelt optional one would silently do nothing. */
  keys(path: string, ...known: readonly string[]): void;
  text(path: string, pattern: RegExp, rule: string): void;
  texts(path: string, pattern: RegExp, rule: string): void;
  oneOf(path: string, ...choices: readonly string[]): void;
  wholeNumber(path: string, lowest: number, highest: number): void;
}

export const createChecks = (given: unknown): Checks => {
  const mistakes: string[] = [];
  const at = (path: string): unknown =>
    path === ''
      ? given
      : path.split('.').reduce<unknown>((value, key) => Object(value)[key], given);
  const mistake = (path: string, rule: string): void => {
    const value = at(path);
    mistakes.push(
      `${path} must be ${rule} (${value === undefined ? 'not given' : `given ${JSON.stringify(value)}`})`,
    );
  };
  const isText = (value: unknown, pattern: RegExp): boolean =>
    typeof value === 'string' && pattern.test(value);
  return {
    mistakes,
    at,
    mistake,
    keys(path, ...known) {
      // Its value is not repeated: it may be a password.
      for (const key of Object.keys(Object(at(path))))
        if (!known.includes(key))
          mistakes.push(
            `${path === '' ? key : `${path}.${key}`} is not a setting (is it one of ${known.join(', ')}?)`,
          );
    },
    text(path, pattern, rule) {
      if (!isText(at(path), pattern)) mistake(path, rule);
    },
    texts(path, pattern, rule) {
      const list = at(path);
      if (!Array.isArray(list) || list.length === 0 || !list.every((one) => isText(one, pattern)))
        mistake(path, `a list of ${rule}, not empty`);
    },
    oneOf(path, ...choices) {
      const value = at(path);
      if (typeof value !== 'string' || !choices.includes(value))
        mistake(path, `one of ${choices.join(', ')}`);
    },
    wholeNumber(path, lowest, highest) {
      const value = at(path);
      if (!Number.isInteger(value) || Number(value) < lowest || Number(value) > highest)
        mistake(path, `a whole number, ${lowest} to ${highest}`);
    },
  };
};
