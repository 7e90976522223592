import type { Client } from 'cassandra-driver';
import { DefaultExecutionOptions } from 'cassandra-driver/lib/execution-options.js';
import PrepareHandler from 'cassandra-driver/lib/prepare-handler.js';
import RequestHandler from 'cassandra-driver/lib/request-handler.js';
import type { Config } from '../config.ts';
import type { UserEvent } from '../user-event.ts';
import { BatchFrame } from './batch-frame.ts';
import type { EventRow } from './event-row.ts';
import { insertUserEvent, userEventPartition, userEventValues } from './user-events.ts';

/** Writes rows of one table, no two of one key, in one unlogged batch. */
export type WriteBatch = (
  client: Client,
  rows: readonly { readonly event: UserEvent; readonly row: EventRow }[],
) => Promise<unknown>;

/** By frames of our own, or by what the driver offers to everybody. */
export const writeBatch = ({
  keyspace,
  bucket,
  batches,
}: Pick<Config, 'keyspace' | 'bucket' | 'batches'>): WriteBatch => {
  const query = insertUserEvent(keyspace, bucket);
  if (batches === 'driver')
    return (client, rows) =>
      client.batch(
        rows.map(({ event }) => ({ query, params: userEventValues(event, bucket) })),
        { prepare: true, logged: false },
      );
  return async (client, rows) => {
    const [first] = rows;
    if (first === undefined) return;
    // The driver routes by the first row too.
    const routingKey = userEventPartition(first.event, bucket);
    const options = DefaultExecutionOptions.create({ keyspace, routingKey }, client);
    const { queryId } = await PrepareHandler.getPrepared(
      client,
      options.getLoadBalancingPolicy(),
      query,
      undefined,
    );
    const frame = BatchFrame.of(
      queryId,
      rows.map(({ row }) => row),
      options,
    );
    await RequestHandler.send(frame, options, client);
  };
};
