import { type Rejection, rejected } from '../event/rejection.ts';
import type { SchemaId } from '../pipeline/decoder.ts';
import type { SchemaText } from './schema-text.ts';

/** A rejection for a schema that the registry does not have now, and may have in a moment: it may lag behind its leader. */
export interface Unregistered extends Rejection {
  readonly mayAppear: true;
}

/** A schema that a registry has. */
export interface FoundSchema extends SchemaText {
  readonly kind: 'found';
  /** True where the schema was bundled with the function: then it says nothing of the registry. */
  readonly bundled?: true;
}

/** Where the schemas come from that values were written with. */
export interface SchemaRegistry {
  /**
   * Asks once for a schema.
   * @returns the schema, or why there is none of this id that values could be read by.
   * @throws {TransientError} when the registry does not answer now.
   * @throws {UnavailableError} when it refuses to answer, or does not answer as a registry does. Neither error says whether
   * the id or the registry is at fault: `fetch-schemas.ts` finds out.
   */
  fetch(id: SchemaId): Promise<FoundSchema | Rejection | Unregistered>;
}

/** Rejects a value whose schema does not exist. @param where continues "the value was written with schema 7, and …". */
export const unknownSchema = (id: SchemaId, where: string): Rejection =>
  rejected('unknown_schema', `the value was written with schema ${id}, and ${where}`);

/** Rejects a value whose schema the registry does not have now. */
export const unregistered = (id: SchemaId, where: string): Unregistered => ({
  ...unknownSchema(id, where),
  mayAppear: true,
});

/** Rejects a value whose schema is of another kind, as Protobuf. @param kind as the registry names it. */
export const notAvro = (id: SchemaId, kind: string): Rejection =>
  rejected('incompatible_schema', `schema ${id} is ${kind}, not Avro`);
