import type { Client, types } from 'cassandra-driver';
import { persistently } from './persistently.ts';

/** A statement that reads, with its parameters. */
export interface Read {
  readonly query: string;
  readonly parameters: readonly unknown[];
  /** The rows of a page. */
  readonly pageRows: number;
  /** Waits until a request may be sent; by default at once. */
  readonly turn?: () => Promise<void>;
}

/**
 * Reads the rows of a statement page by page, so that a result of any length takes the memory of one page. A page that does not come is
 * asked for again, a few times.
 * @throws {IngestError} where a page still does not come.
 */
export const readPages = async function* (
  client: Client,
  read: Read,
  signal: AbortSignal,
): AsyncGenerator<types.Row[]> {
  let pageState: string | undefined;
  do {
    const page = await readPage(client, read, pageState, signal);
    pageState = page.pageState ?? undefined;
    yield page.rows;
  } while (pageState !== undefined);
};

const readPage = (
  client: Client,
  { query, parameters, pageRows, turn = async () => {} }: Read,
  pageState: string | undefined,
  signal: AbortSignal,
): Promise<types.ResultSet> =>
  persistently(
    'reading',
    async () => {
      await turn();
      return client.execute(query, [...parameters], {
        prepare: true,
        fetchSize: pageRows,
        ...(pageState !== undefined && { pageState }),
      });
    },
    signal,
  );
