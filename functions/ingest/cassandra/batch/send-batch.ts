import type { Client } from 'cassandra-driver';
import type { Settings } from '../../settings/read-settings.ts';
import { DefaultExecutionOptions, PrepareHandler, RequestHandler } from '../driver-private.ts';
import type { RowBatch } from '../rows/rows.ts';
import { BatchRequest } from './batch-request.ts';
import type { BufferPool } from './buffer-pool.ts';

/**
 * Sends rows of one statement, no two of one key, in one unlogged batch.
 * @param routed whether it matters which node is asked: then a node that has the first row.
 */
export type SendBatch = (client: Client, batch: RowBatch, routed: boolean) => Promise<void>;

/** Finds how batches of a statement are sent: by requests of our own, or by what the driver offers to everybody. */
export const sendBatch = (
  query: string,
  { keyspace, batches }: Pick<Settings, 'keyspace' | 'batches'>,
  pool: BufferPool,
): SendBatch =>
  batches === 'driver'
    ? async (client, { rows, indexes }) => {
        const queries = indexes.map((index) => ({ query, params: rows.values(index) }));
        await client.batch(queries, { prepare: true, logged: false });
      }
    : byOwnRequests(query, keyspace, pool);

const byOwnRequests = (query: string, keyspace: string, pool: BufferPool): SendBatch => {
  const queryIds = new WeakMap<Client, Buffer>();

  const prepare = async (client: Client, options: DefaultExecutionOptions): Promise<Buffer> => {
    const policy = options.getLoadBalancingPolicy();
    const { queryId } = await PrepareHandler.getPrepared(client, policy, query, undefined);
    queryIds.set(client, queryId);
    return queryId;
  };

  return async (client, batch, routed) => {
    const [first] = batch.indexes;
    // The driver takes the first row's too. Without one it asks the nodes by turns, and hashes no key.
    const routing =
      routed && first !== undefined ? { routingKey: batch.rows.routingKey(first) } : {};
    const options = DefaultExecutionOptions.create({ keyspace, ...routing }, client);
    const queryId = queryIds.get(client) ?? (await prepare(client, options));
    const request = BatchRequest.create(queryId, batch, options, pool);
    let answered = false;
    try {
      await RequestHandler.send(request, options, client);
      answered = true;
    } finally {
      request.recycle(answered);
    }
  };
};
