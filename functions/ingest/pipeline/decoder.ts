import type { Rejection } from '../event/rejection.ts';
import type { UserEvent } from '../event/user-event.ts';
import type { Deadline } from './deadlines.ts';
import type { IngestError } from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import type { KafkaRecord } from './kafka-record.ts';

/** The name of a schema that values are written with: a number or a uuid of a schema registry. */
export type SchemaId = number | string;

/** A value that cannot be decoded before a schema is fetched. */
interface MissingSchema {
  readonly kind: 'missing-schema';
  readonly id: SchemaId;
}

/** The result of decoding a value: a valid event, the reason why it is none, or the schema that must be fetched first. */
export type DecodeResult = UserEvent | Rejection | MissingSchema;

/** A schema that records of an invocation wait for. */
export interface AwaitedSchema {
  readonly id: SchemaId;
  /** How many records name it. */
  readonly records: number;
  /** The topics of those records. */
  readonly topics: ReadonlySet<string>;
}

/** The port through which the pipeline reads values. The schemas that they were written with come from elsewhere, and are kept. */
export interface Decoder {
  /** Decodes the value of a record that is not malformed. Never throws. */
  decode(record: Pick<KafkaRecord, 'value' | 'headers' | 'validatedBy'>): DecodeResult;
  /**
   * Asks once for a schema, for tools; one that does not exist is remembered as such for a while.
   * @throws {TransientError | UnavailableError} when whoever has it does not answer, or not us.
   */
  fetchSchema(id: SchemaId): Promise<void>;
  /**
   * Fetches the schemas that an invocation's records wait for, and remembers which do not exist.
   * @returns by the schemas' ids, a promise of null when the records can be decoded, or of the error with which they wait.
   */
  fetchSchemas(
    awaited: readonly AwaitedSchema[],
    flow: FlowControl,
    deadline: Deadline,
  ): ReadonlyMap<SchemaId, Promise<IngestError | null>>;
}

/** Decodes a record, or rejects it where it came malformed. */
export const decode = (record: KafkaRecord, decoder: Decoder): DecodeResult =>
  record.malformed === undefined
    ? decoder.decode(record)
    : { kind: 'rejected', reason: 'undecodable', detail: record.malformed };
