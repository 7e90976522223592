import { configuredDecoder } from '../../../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../../../functions/ingest/bytes/event-layout.ts';
import { cassandraStores } from '../../../functions/ingest/cassandra/cassandra-stores.ts';
import { mostRequestsInFlight } from '../../../functions/ingest/cassandra/connection/most-requests-in-flight.ts';
import { createSession } from '../../../functions/ingest/cassandra/connection/session.ts';
import type { EventPlan } from '../../../functions/ingest/event/plan.ts';
import { Acceptances } from '../../../functions/ingest/pipeline/acceptances.ts';
import type { Decoder } from '../../../functions/ingest/pipeline/decoder.ts';
import type { Delivery } from '../../../functions/ingest/pipeline/delivery.ts';
import { createFlowControl } from '../../../functions/ingest/pipeline/flow-control.ts';
import { judge } from '../../../functions/ingest/pipeline/judge.ts';
import type { Stores } from '../../../functions/ingest/pipeline/stores.ts';
import { writeRows } from '../../../functions/ingest/pipeline/write-rows.ts';
import { eventPlan } from '../../../schema/event-plan.ts';
import type { Target } from '../../target/target.ts';

/** The milliseconds for the rows of one write. What is not written by then has failed. */
const writeMs = 20_000;

/** The function's own way from a record to its row, without lateness and without checkpoints. */
export interface WritePath extends AsyncDisposable {
  readonly plan: EventPlan;
  readonly decoder: Decoder;
  /** Rejects events whose time the settings do not allow. None is late. */
  judge(delivery: Delivery): void;
  /** Writes the rows of a partition's records, in offset order. Each delivery then has an outcome. */
  write(deliveries: readonly Delivery[]): Promise<void>;
}

/**
 * Puts the function's way to the tables together, on a session of its own.
 * @param keepsRejected true where a record that is rejected becomes a row of `rejected_events`; false where it keeps the row that it has.
 */
export const openWritePath = (
  { settings, environment }: Target,
  keepsRejected: boolean,
): WritePath => {
  const plan = eventPlan(settings);
  const layout = new EventLayout(plan);
  const session = createSession(settings, environment);
  const mostConcurrent = mostRequestsInFlight;
  const all = cassandraStores(session, settings, layout, { mostConcurrent, warn: () => {} });
  const stores = keepsRejected ? all : withoutRejected(all);
  const flow = createFlowControl(mostConcurrent);
  const acceptances = { userEvents: new Acceptances(), rejected: new Acceptances() };
  return {
    plan,
    decoder: configuredDecoder(settings, layout),
    // Alone, and with nothing seen before it, no event is late.
    judge: (delivery) => judge([delivery], null, settings, Date.now()),
    async write(deliveries) {
      const end = performance.now() + writeMs;
      const deadline = { left: () => end - performance.now() };
      await writeRows(deliveries, { stores, flow, deadline, acceptances, lateEvents: 'keep' });
    },
    [Symbol.asyncDispose]: () => session.close(),
  };
};

/** Leaves `rejected_events` alone. */
const withoutRejected = (stores: Stores): Stores => ({
  readCheckpoint: (partition) => stores.readCheckpoint(partition),
  writeCheckpoint: (partition, checkpoint) => stores.writeCheckpoint(partition, checkpoint),
  planUserEventWrites: (rows) => stores.planUserEventWrites(rows),
  planRejectedWrites: (rows) => rows.map((row) => ({ rows: [row], write: async () => {} })),
});
