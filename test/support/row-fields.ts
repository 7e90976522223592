import type { types } from 'cassandra-driver';
import type { Field } from '../../functions/ingest/event/plan.ts';
import type { FieldValue, FieldValues } from '../../functions/ingest/event/user-event.ts';
import { layout } from './events.ts';

/** Reads the fields of an event from its row of user_events as the driver gives it. */
export const fieldsOfRow = (row: types.Row): FieldValues =>
  Object.fromEntries(
    layout.plan.fields.map((field) => [field.name, valueOfField(field, row[field.name])]),
  );

const valueOfField = ({ kind, nullable }: Field, value: unknown): FieldValue => {
  // A table does not distinguish an empty map from no map.
  if (value === null) return kind === 'map' && !nullable ? new Map() : null;
  if (kind === 'uuid') return `${value}`;
  if (kind === 'time') return (value as Date).getTime();
  return kind === 'bigint' ? BigInt(`${value}`) : (value as FieldValue);
};
