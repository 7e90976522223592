import type { Rejection } from '../event/rejection.ts';
import type { SchemaId } from '../pipeline/decoder.ts';
import type { Unregistered } from './schema-registry.ts';

/** The port to the schemas that the decoder keeps: those that were fetched, and the ids whose values are rejected. */
export interface SchemaCache {
  /**
   * Asks the registry for a schema, once however many ask at the same time, and keeps it.
   * @returns null when the answer is kept, or the rejection for a schema that the registry does not have.
   * @throws as the registry does.
   */
  ask(id: SchemaId): Promise<Rejection | Unregistered | null>;
  /** Keeps a rejection of all values of a schema. @param forMs milliseconds until the registry is asked again. */
  reject(id: SchemaId, rejection: Rejection, forMs: number): void;
  /** Counts how often the id was rejected in this environment; 0 for an id that is new. */
  rejections(id: SchemaId): number;
  /** The ids that the registry gave last whose values are read as events; the newest stands first. */
  readonly readable: readonly SchemaId[];
}

/** Milliseconds for which an unknown id is believed to be unknown. Asking again costs one request, and no waiting. */
export const unknownForMs = 30_000;
