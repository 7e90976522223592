import type { BatchReport, GivenUpReport } from '../mapping/options.ts';

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** Says what became of an invocation, in one line. */
export const batchText = ({
  attempt,
  records,
  durationMs,
  judgement,
  partitions,
}: BatchReport): string => {
  const where = partitions
    .map(({ identifier, firstOffset, lastOffset }) => `${identifier} ${firstOffset}–${lastOffset}`)
    .join(', ');
  const again = partitions.reduce((sum, { toRetry }) => sum + toRetry, 0);
  const how =
    judgement.kind === 'success'
      ? 'done'
      : `${judgement.kind === 'whole' ? `failed (${judgement.why})` : 'failed in part'}, ${again === 0 ? 'given up' : `${again} again`}`;
  const nth = attempt === 1 ? '' : `, attempt ${attempt}`;
  return `BATCH ${where}: ${count(records, 'record')}${nth}, ${durationMs.toFixed(0)} ms: ${how}`;
};

/** Says that records were given up, and whether they are lost. */
export const givenUpText = ({ condition, records, kept }: GivenUpReport): string =>
  `GIVEN UP (${condition}): ${count(records, 'record')}, ${kept ? 'kept by the destination' : 'LOST'}`;

/** Writes facts as a line of JSON: a map as an object, a set as a list. */
export const jsonText = (facts: object): string =>
  JSON.stringify(facts, (_, value) =>
    value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value,
  );
