/** Writes a number with its thousands apart. */
export const number = (value: number): string => value.toLocaleString('en');

/**
 * Writes a number of things: `1 row`, `2,000 rows`.
 * @param many the plural, where it is not the singular with an s.
 */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;
