import type { Span } from '../bytes/byte-range.ts';
import type { Rejection } from '../event/rejection.ts';
import type { UserEvent } from '../event/user-event.ts';
import type { Deadline } from './deadlines.ts';
import type { IngestError } from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import { bytesOfValue, type KafkaRecord } from './kafka-record.ts';

/** Names the schema that a value was written with: a number or a uuid of a schema registry. */
export type SchemaId = number | string;

/** A record cannot be read before the schema that it was written with is fetched. */
export interface AwaitsSchema {
  readonly awaits: SchemaId;
}

/** A schema that records of an invocation await. */
export interface AwaitedSchema {
  readonly id: SchemaId;
  /** How many records name it. */
  readonly records: number;
  /** The topics of those records. */
  readonly topics: ReadonlySet<string>;
}

/** What of a record, beside its value, says how the value is read. */
type Labels = Pick<KafkaRecord, 'headers' | 'validatedBy'>;

/** Reads values. The schemas that they were written with come from elsewhere, and are kept. */
export interface Decoder {
  /** Decodes a value: a valid event, a rejection, or the id of a schema that must be fetched first. Never throws. */
  decode(value: Span, labels: Labels): UserEvent | Rejection | AwaitsSchema;
  /**
   * Asks once for a schema that a record awaits, for tools; one that does not exist is remembered as such for a while.
   * @throws {TransientError | UnavailableError} when whoever has it does not answer, or not us.
   */
  fetchSchema(id: SchemaId): Promise<void>;
  /**
   * Fetches the schemas that an invocation's records await, and remembers which do not exist.
   * @returns by the schemas' ids, a promise of null when the records can be read, or of the error with which they wait.
   */
  fetchSchemas(
    awaited: readonly AwaitedSchema[],
    flow: FlowControl,
    deadline: Deadline,
  ): ReadonlyMap<SchemaId, Promise<IngestError | null>>;
}

/** A record's event, valid, or the reason why it has none, or what it waits for. */
export const read = (
  record: KafkaRecord,
  decoder: Decoder,
): UserEvent | Rejection | AwaitsSchema => {
  if (record.malformed !== undefined) return { reason: 'undecodable', detail: record.malformed };
  const value = bytesOfValue(record);
  if (value === null) return { reason: 'tombstone', detail: 'the record has no value' };
  return decoder.decode(value, record);
};
