import { createDecoder } from '../functions/ingest/avro/create-decoder.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import { eventRows } from '../functions/ingest/cassandra/rows/event-rows.ts';
import { noRegistry } from '../functions/ingest/schema-registry/create-registry.ts';
import { makeEvents } from '../functions/produce/events.ts';
import { eventPlan } from '../schema/event-plan.ts';

/**
 * Bytes that Amazon Keyspaces counts for a row beside its values: for the row, and for each column by its part in the key.
 * https://docs.aws.amazon.com/keyspaces/latest/devguide/calculating-row-size.html
 */
const counted = { row: 100, partitionKey: 3, clusteringKey: 4, other: 1 };

const events = 100;

/** Bytes of the demo's records (functions/produce), on average: of their values, and of their rows by Keyspaces' rule for sizes. */
export const demoSizes = (): { readonly record: number; readonly row: number } => {
  const layout = new EventLayout(eventPlan());
  const decoder = createDecoder({ wireFormat: 'bare', registry: 'none', layout }, noRegistry);
  const { columns, partitionKey, clusteringKey } = layout.plan;
  const rowsOf = eventRows(layout);
  const made = makeEvents(events, Date.UTC(2026, 0));
  const rowBytes = (value: Buffer): number => {
    const event = decoder.decode({ value, headers: [] });
    if (event.kind !== 'event') throw new Error('a demo event was not read');
    const values = rowsOf([{ event }]).values(0);
    return columns.reduce((sum, column, index) => {
      const length = values[index]?.length;
      if (length === undefined) return sum;
      if (partitionKey.includes(column)) return sum + length + counted.partitionKey;
      if (clusteringKey.includes(column)) return sum + length + counted.clusteringKey;
      return sum + length + counted.other;
    }, counted.row);
  };
  const sum = (of: (value: Buffer) => number): number =>
    made.reduce((total, { value }) => total + of(value), 0);
  return { record: sum(({ length }) => length) / events, row: sum(rowBytes) / events };
};
