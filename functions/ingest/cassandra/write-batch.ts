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

/** Writes rows of one statement, no two of one key, in one unlogged batch. */
export type WriteBatch = (client: Client, rows: readonly Row[]) => Promise<void>;

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

  return async (client, rows) => {
    const [first] = rows;
    if (first === undefined) return;
    // The driver routes by the first row too.
    const { routingKey } = first;
    const options = DefaultExecutionOptions.create({ keyspace, routingKey }, client);
    const queryId = queryIds.get(client) ?? (await prepare(client, options));
    await RequestHandler.send(BatchFrame.of(queryId, rows, options), options, client);
  };
};
