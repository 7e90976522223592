import leven from 'leven';

/** Finds the known name that a given one may be a slip of: at most a third of its letters differ; undefined if there is none. */
export const nameLike = (given: string, known: readonly string[]): string | undefined => {
  const [nearest] = known
    .map((name) => ({ name, letters: leven(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, letters }) => letters <= Math.max(1, name.length / 3))
    .toSorted((one, other) => one.letters - other.letters);
  return nearest?.name;
};
