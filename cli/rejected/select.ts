import { type Client, types } from 'cassandra-driver';
import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import { type Read, readPages } from '../tables/read-pages.ts';
import { asTheyCome, inOrder, type Part } from '../tables/several.ts';
import { tokenRanges } from '../tables/token-ranges.ts';
import { isMeant, type RejectedFilter } from './filter.ts';
import type { Where } from './places.ts';
import type { RejectedSummary, RowShape } from './row.ts';

/** Reads of the table under way at once. */
const mostUnderWay = 8;

/** Parts that may be unreadable before the others are given up. */
const mostUnread = 8;

/** What is looked for in `rejected_events`, and where. */
export interface Selection<T> {
  readonly where: Where;
  readonly filter: RejectedFilter;
  readonly shape: RowShape<T>;
}

/** A look into `rejected_events`, which goes on while its rows are read. */
export interface Look<T> {
  /**
   * The rows that are meant: by topic, partition, day and offset, or in no order where the whole table is read. They can be read once.
   */
  readonly rows: AsyncIterable<T>;
  readonly progress: Progress;
}

/** How far a look has come. */
export interface Progress {
  /** The partitions of the table, or the parts of the whole of it. */
  readonly parts: number;
  read: number;
  /** The rows that were looked at. */
  rows: number;
  /**
   * The parts that could not be read to their end, with the reason. Where there are any, the look is incomplete. After some of them the
   * others are not tried.
   */
  readonly unread: { readonly part: string; readonly why: string }[];
}

/**
 * Selects rejected records, in the memory of a few pages. A part of the table that cannot be read is left out and told in the progress.
 * @param onPage learns how far the look is, after each page.
 */
export const selectRejected = async <T extends RejectedSummary>(
  client: Client,
  keyspace: string,
  { where, filter, shape }: Selection<T>,
  signal: AbortSignal,
  onPage: (progress: Progress) => void = () => {},
): Promise<Look<T>> => {
  const select =
    `SELECT ${shape.columns.map((name) => `"${name}"`).join(', ')} ` +
    `FROM ${keyspace}.rejected_events`;
  const parts =
    where.kind === 'everywhere'
      ? await rangesOf(client, select, shape.pageRows)
      : partitionsOf(where, filter, select, shape.pageRows);
  const progress: Progress = { parts: parts.length, read: 0, rows: 0, unread: [] };
  const readPart = ({ name, read }: NamedRead): Part<T[]> =>
    async function* () {
      if (progress.unread.length >= mostUnread) {
        progress.unread.push({ part: name, why: 'it was not tried after the others' });
        return;
      }
      try {
        for await (const page of readPages(client, read, signal)) {
          progress.rows += page.length;
          onPage(progress);
          yield page.map(shape.read).filter((row) => isMeant(row, filter));
        }
        progress.read += 1;
        onPage(progress);
      } catch (error) {
        if (!(error instanceof IngestError)) throw error;
        progress.unread.push({ part: name, why: error.message });
      }
    };
  const pages = (where.kind === 'everywhere' ? asTheyCome : inOrder)(
    parts.map(readPart),
    mostUnderWay,
  );
  return {
    rows: (async function* () {
      for await (const page of pages) yield* page;
    })(),
    progress,
  };
};

interface NamedRead {
  readonly name: string;
  readonly read: Read;
}

const rangesOf = async (client: Client, select: string, pageRows: number): Promise<NamedRead[]> =>
  (await tokenRanges(client)).map((range) => ({
    name: range === null ? 'rejected_events' : `the tokens ${range.after} to ${range.upTo}`,
    read: {
      query:
        range === null
          ? select
          : `${select} WHERE token(topic, rejected_date, partition) > ${range.after} ` +
            `AND token(topic, rejected_date, partition) <= ${range.upTo}`,
      parameters: [],
      pageRows,
    },
  }));

const partitionsOf = (
  { places, days }: Extract<Where, { kind: 'days' }>,
  { offsets }: RejectedFilter,
  select: string,
  pageRows: number,
): NamedRead[] => {
  const bounds = [
    { operator: '>=', offset: offsets?.from },
    { operator: '<=', offset: offsets?.to },
  ].filter(({ offset }) => offset !== undefined);
  const query =
    `${select} WHERE topic = ? AND rejected_date = ? AND partition = ?` +
    bounds.map(({ operator }) => ` AND "offset" ${operator} ?`).join('');
  return places.flatMap(({ topic, partition }) =>
    days.map((day) => ({
      name: `${topic}/${partition} on ${day}`,
      read: {
        query,
        parameters: [
          topic,
          types.LocalDate.fromString(day),
          partition,
          ...bounds.map(({ offset }) => types.Long.fromString(String(offset))),
        ],
        pageRows,
      },
    })),
  );
};
