import type { Rejection } from '../event/rejection.ts';
import type { SchemaId } from '../pipeline/decoder.ts';
import type { Unregistered } from './schema-registry.ts';

/** The port to the decoder's schemas: the fetched schemas, and the ids whose values are rejected. */
export interface SchemaCache {
  /**
   * Requests a schema from the registry and keeps it; concurrent callers share one request.
   * @returns null when the answer is kept, or the rejection for a schema that the registry does not have.
   * @throws the registry's errors.
   */
  ask(id: SchemaId): Promise<Rejection | Unregistered | null>;
  /**
   * Keeps a rejection of all values of a schema.
   * @param forMs milliseconds until the schema may be requested again.
   */
  reject(id: SchemaId, rejection: Rejection, forMs: number): void;
  /** Counts the rejections of an id in this execution environment; 0 for a new id. */
  rejections(id: SchemaId): number;
  /** The ids of readable schemas that the registry gave last, the newest first. */
  readonly readable: readonly SchemaId[];
}

/**
 * The milliseconds for which a missing id is rejected without a request. Requesting it again costs one request, and no waiting.
 */
export const unknownForMs = 30_000;
