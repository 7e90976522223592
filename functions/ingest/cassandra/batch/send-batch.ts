import type { Client } from 'cassandra-driver';
import { DefaultExecutionOptions } from 'cassandra-driver/lib/execution-options.js';
import PrepareHandler from 'cassandra-driver/lib/prepare-handler.js';
import RequestHandler from 'cassandra-driver/lib/request-handler.js';
import type { Settings } from '../../settings/read-settings.ts';
import { BatchFrame, type EncodedRows, type RowsAt } from './batch-request.ts';
import type { BatchedRows } from './row-batches.ts';

/** Rows of one statement for either way of writing them. */
export interface Rows extends EncodedRows, BatchedRows {
  /** A row's partition, as the driver hashes it. */
  routingKey(place: number): Buffer;
  /** The values of the statement, for the driver. */
  values(place: number): (Buffer | null)[];
}

/**
 * Writes rows of one statement, no two of one key, in one unlogged batch.
 * @param routed whether it matters which node is asked: then one that has the first row.
 */
export type WriteBatch = (client: Client, batch: RowsAt<Rows>, routed: boolean) => Promise<void>;

/** By frames of our own, or by what the driver offers to everybody. */
export const writeBatch = (
  query: string,
  { keyspace, batches }: Pick<Settings, 'keyspace' | 'batches'>,
): WriteBatch =>
  batches === 'driver'
    ? async (client, { rows, places }) => {
        const queries = places.map((place) => ({ query, params: rows.values(place) }));
        await client.batch(queries, { prepare: true, logged: false });
      }
    : byFrames(query, keyspace);

const byFrames = (query: string, keyspace: string): WriteBatch => {
  const queryIds = new WeakMap<Client, Buffer>();

  const prepare = async (client: Client, options: DefaultExecutionOptions): Promise<Buffer> => {
    const policy = options.getLoadBalancingPolicy();
    const { queryId } = await PrepareHandler.getPrepared(client, policy, query, undefined);
    queryIds.set(client, queryId);
    return queryId;
  };

  return async (client, batch, routed) => {
    const [first] = batch.places;
    // The driver takes the first row's too. Without one it asks the nodes by turns, and hashes no key.
    const routing =
      routed && first !== undefined ? { routingKey: batch.rows.routingKey(first) } : {};
    const options = DefaultExecutionOptions.create({ keyspace, ...routing }, client);
    const queryId = queryIds.get(client) ?? (await prepare(client, options));
    const frame = BatchFrame.of(queryId, batch, options);
    let answered = false;
    try {
      await RequestHandler.send(frame, options, client);
      answered = true;
    } finally {
      frame.release(answered);
    }
  };
};
