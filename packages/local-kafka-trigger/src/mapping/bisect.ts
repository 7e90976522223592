/** Splits the records of a delivery into a first and a second half, in order; a partition may be in both. */
export const bisect = <Item, Part extends { readonly records: readonly Item[] }>(
  parts: readonly Part[],
): readonly [Part[], Part[]] => {
  const count = parts.reduce((sum, { records }) => sum + records.length, 0);
  let room = Math.ceil(count / 2);
  const halves: [Part[], Part[]] = [[], []];
  for (const part of parts) {
    const first = part.records.slice(0, room);
    const second = part.records.slice(room);
    room -= first.length;
    if (first.length > 0) halves[0].push({ ...part, records: first });
    if (second.length > 0) halves[1].push({ ...part, records: second });
  }
  return halves;
};
