import type { Client } from 'cassandra-driver';
import type { EventLayout } from '../../bytes/event-layout.ts';
import type { Settings } from '../../settings/read-settings.ts';
import { DefaultExecutionOptions, PrepareHandler } from '../driver-private.ts';
import { insertUserEvent } from '../rows/event-rows.ts';
import { insertCheckpoint, selectCheckpoint } from '../rows/partition-watermarks.ts';
import { insertRejectedEvent } from '../rows/rejected-events.ts';

/** Milliseconds. With the connect, which may take 5 s, it must leave some of the 10 s that Lambda gives a function to start. */
const timeoutMs = 2_000;

/** All that the function says to its tables. */
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
 * Has statements prepared side by side, for the first requests would do it one after the other. One that cannot be
 * prepared, or not in time, is left to the request that needs it, which says why. Never throws.
 */
export const prepare = async (client: Client, queries: readonly string[]): Promise<void> => {
  const loadBalancing = DefaultExecutionOptions.create({}, client).getLoadBalancingPolicy();
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  // Without a keyspace, as send-batch.ts and the driver's own requests look for them.
  const prepared = queries.map((query) =>
    PrepareHandler.getPrepared(client, loadBalancing, query, undefined),
  );
  await Promise.race([Promise.allSettled(prepared), timeout]);
  clearTimeout(timer);
};
