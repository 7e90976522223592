import type { Context } from '../../operate/context.ts';
import { slowProgress } from '../../output/slow-progress.ts';
import type { RejectedFilter } from '../../rejected/filter.ts';
import { whereOf, whereText } from '../../rejected/places.ts';
import { type RejectedRow, whole } from '../../rejected/row.ts';
import { type Progress, selectRejected } from '../../rejected/select.ts';
import type { Target } from '../../target/target.ts';
import { count, number } from '../../terminal/words.ts';
import { type Candidate, placeName } from '../candidate.ts';
import { triesOf } from '../redrive-headers.ts';
import type { Source } from './source.ts';

/** Which rejected records are meant, and where they are looked for. */
export interface RejectedSelection {
  readonly filter: RejectedFilter;
  readonly all: boolean;
  readonly daysBefore: number | undefined;
}

/** Opens the rows of `rejected_events` as a source. */
export const rejectedSource = (
  { output }: Pick<Context, 'output'>,
  target: Target,
  selection: RejectedSelection,
): Source => {
  const unread: string[] = [];
  return {
    unread,
    end: async () => 'The rows of rejected_events stay: they end by their time to live.',
    async *candidates(signal) {
      unread.length = 0;
      const { filter } = selection;
      const where = await whereOf(target, selection, signal);
      output.tell(whereText(where));
      const show = slowProgress(
        output,
        ({ read, parts, rows }: Progress) =>
          `${number(read)} of ${number(parts)} parts of rejected_events, ${count(rows, 'row')}`,
      );
      const look = await selectRejected(
        await target.cassandra(),
        target.settings.keyspace,
        { where, filter, shape: whole },
        signal,
        show,
      );
      for await (const row of look.rows) yield candidateOf(row);
      unread.push(...look.progress.unread.map(({ part, why }) => `${part}: ${why}`));
    },
    async [Symbol.asyncDispose]() {},
  };
};

const candidateOf = (row: RejectedRow): Candidate => {
  const { topic, partition, offset, reason, detail, key, value, headers } = row;
  const place = { topic, partition, offset };
  const isForgotten = value === null && reason !== 'tombstone';
  return {
    name: placeName(place),
    place,
    found: isForgotten
      ? { outcome: 'forgotten', detail: 'its bytes were deleted, with the data of a person' }
      : {
          topic,
          partition,
          offset: Number(offset),
          timestamp: row.recordTimestamp ?? -1,
          key,
          value,
          headers,
        },
    why: `${reason}: ${detail}`,
    tries: triesOf(headers),
  };
};
