import type { SchemaId } from '../read.ts';
import type { Rejection } from '../rejection.ts';
import type { SchemaText } from './avro-schema.ts';

/** Where the schemas come from that values were written with. */
export interface SchemaRegistry {
  /**
   * A schema, or why there is none of this id that values could be read by: for good, as far as the registry knows.
   * @throws {TransientError} when it does not answer now.
   * @throws {UnavailableError} when it does not answer us: what it refuses is told.
   */
  fetch(id: SchemaId): Promise<SchemaText | Rejection>;
}

export const unknownSchema = (id: SchemaId, where: string): Rejection => ({
  reason: 'unknown_schema',
  detail: `the value was written with schema ${id}, and ${where}`,
});

export const notAvro = (id: SchemaId, kind: string): Rejection => ({
  reason: 'incompatible_schema',
  detail: `schema ${id} is ${kind}, not Avro`,
});
