import { errors } from 'cassandra-driver';
import { TriggerError } from 'local-kafka-trigger/trigger-error.ts';
import { SchemaError } from '../../functions/ingest/avro/schema/schema-reader.ts';
import { classify } from '../../functions/ingest/cassandra/refusals/classify.ts';
import { EventPlanError } from '../../functions/ingest/event/plan.ts';
import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import { WriterSchemasError } from '../../functions/ingest/schema-registry/writer-schemas-file.ts';
import { ConfigError } from '../../functions/ingest/settings/config-error.ts';
import { UserFacingError } from './user-facing-error.ts';

/** The errors whose message says the fault and the remedy. */
const told = [
  UserFacingError,
  TriggerError,
  IngestError,
  ConfigError,
  EventPlanError,
  SchemaError,
  WriterSchemasError,
];

/** Writes an error for a person: the sentence that says the fault and the remedy, or else the stack. */
export const errorText = (error: unknown): string => {
  if (error instanceof SuppressedError)
    return `${errorText(error.suppressed)}\n${errorText(error.error)}`;
  // An error of the driver that a command does not expect: the database is at fault, and not the program.
  if (error instanceof errors.DriverError) return classify(error, 'asking the database').message;
  if (told.some((expected) => error instanceof expected)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
