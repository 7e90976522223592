/** The parts of a detail that differ from record to record, with the words that take their place. The first that fits counts. */
const parts: readonly (readonly [RegExp, string])[] = [
  [/\b\d{8}-\d{6}-[\da-f]{6}\b/g, '<id>'],
  [/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi, '<uuid>'],
  [/[+-]?\d{4,6}-\d\d-\d\dT[\d:.]+Z?/g, '<time>'],
  [/(?<!\w)-?\d+ (?:ms|min|[dhs])\b(?: \d+ (?:ms|min|[hs])\b)?/g, '<duration>'],
  [/\b0x[\da-f]+\b/gi, '<hex>'],
  [/\b(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{8,}\b/gi, '<hex>'],
  [/(?<!\w)-?\d+(?:[.,]\d+)*/g, '<n>'],
];

/**
 * Writes a detail without what differs from record to record: ids of tasks, uuids, times, durations, hexadecimal digits and numbers. Records that were
 * rejected for one cause then have one detail.
 */
export const patternOf = (detail: string): string =>
  parts.reduce((text, [part, word]) => text.replaceAll(part, word), detail);
