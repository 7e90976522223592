import type { Client } from 'cassandra-driver';
import type { EventLayout } from '../../bytes/event-layout.ts';
import type { Settings } from '../../settings/read-settings.ts';
import { DefaultExecutionOptions, PrepareHandler } from '../driver-private.ts';
import { insertUserEvent } from '../rows/event-rows.ts';
import { insertCheckpoint, selectCheckpoint } from '../rows/partition-watermarks.ts';
import { insertRejectedEvent } from '../rows/rejected-events.ts';

/**
 * The milliseconds for preparing statements. Together with the connect, which may take 5 s, they must stay below the 10 s that
 * Lambda gives a function to start.
 */
const timeoutMs = 2_000;

/** Lists all statements of the function. */
export const statements = (
  { keyspace }: Pick<Settings, 'keyspace'>,
  layout: EventLayout,
): string[] => [
  selectCheckpoint(keyspace),
  insertUserEvent(keyspace, layout),
  insertCheckpoint(keyspace),
  insertRejectedEvent(keyspace),
];

/**
 * Prepares statements side by side; the first requests would prepare them one after the other. A statement that cannot be
 * prepared in time is left to the request that needs it, which reports the reason. Never throws.
 */
export const prepare = async (client: Client, queries: readonly string[]): Promise<void> => {
  const loadBalancing = DefaultExecutionOptions.create({}, client).getLoadBalancingPolicy();
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  // The keyspace is undefined, as in the lookups of send-batch.ts and of the driver's own requests.
  const prepared = queries.map((query) =>
    PrepareHandler.getPrepared(client, loadBalancing, query, undefined),
  );
  await Promise.race([Promise.allSettled(prepared), timeout]);
  clearTimeout(timer);
};
