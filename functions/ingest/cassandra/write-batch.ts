import type { Client } from 'cassandra-driver';
import { DefaultExecutionOptions } from 'cassandra-driver/lib/execution-options.js';
import PrepareHandler from 'cassandra-driver/lib/prepare-handler.js';
import RequestHandler from 'cassandra-driver/lib/request-handler.js';
import type { Config } from '../config.ts';
import { BatchFrame, type EncodedRow } from './batch-frame.ts';
import type { BatchedRow } from './row-batches.ts';

/** A row for either way of writing it. */
export interface Row extends EncodedRow, BatchedRow {
  /** Its partition, as the driver hashes it. */
  readonly routingKey: Buffer;
  /** The values of the statement, for the driver. */
  readonly values: (Buffer | null)[];
}

/**
 * Writes rows of one statement, no two of one key, in one unlogged batch.
 * @param routed whether it matters which node is asked: then one that has the first row.
 */
export type WriteBatch = (client: Client, rows: readonly Row[], routed: boolean) => Promise<void>;

/** By frames of our own, or by what the driver offers to everybody. */
export const writeBatch = (
  query: string,
  { keyspace, batches }: Pick<Config, 'keyspace' | 'batches'>,
): WriteBatch =>
  batches === 'driver'
    ? async (client, rows) => {
        const queries = rows.map(({ values }) => ({ query, params: values }));
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

  return async (client, rows, routed) => {
    // The driver takes the first row's too. Without one it asks the nodes by turns, and hashes no key.
    const routing = routed && rows[0] !== undefined ? { routingKey: rows[0].routingKey } : {};
    const options = DefaultExecutionOptions.create({ keyspace, ...routing }, client);
    const queryId = queryIds.get(client) ?? (await prepare(client, options));
    const frame = BatchFrame.of(queryId, rows, options);
    try {
      await RequestHandler.send(frame, options, client);
    } finally {
      frame.release();
    }
  };
};
