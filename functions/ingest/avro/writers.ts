import type { SchemaId } from '../read.ts';
import type { Rejection } from '../rejection.ts';
import { parseSchema, SchemaError, type SchemaText } from './avro-schema.ts';
import { userEventSchema } from './reader-schema.ts';
import { resolveWriter, type Writer } from './resolve-writer.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** The writers that are known: how values are read that were written with a schema, or why they cannot be. */
export interface Writers {
  /** Undefined where it must be fetched. */
  get(id: SchemaId): Writer | Rejection | undefined;
  /** @throws as the registry does. */
  fetch(id: SchemaId): Promise<void>;
}

/** Far more than a topic has; whoever can register schemas must not fill the function's memory with them. */
const mostKept = 1_000;

/** Milliseconds. A schema is registered before the first value is written with it, but the registry may lag behind. */
const unknownForMs = 60_000;

/** Keeps them for the life of the environment: what an id means never changes. */
export const createWriters = (registry: SchemaRegistry): Writers => {
  const kept = new Map<SchemaId, { readonly writer: Writer | Rejection; readonly until: number }>();
  const fetching = new Map<SchemaId, Promise<void>>();

  const keep = (id: SchemaId, writer: Writer | Rejection): void => {
    const unknown = 'reason' in writer && writer.reason === 'unknown_schema';
    kept.set(id, {
      writer,
      until: unknown ? performance.now() + unknownForMs : Number.POSITIVE_INFINITY,
    });
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  };

  return {
    get(id) {
      const found = kept.get(id);
      if (found === undefined) return undefined;
      if (found.until === Number.POSITIVE_INFINITY || found.until > performance.now())
        return found.writer;
      kept.delete(id);
      return undefined;
    },
    fetch(id) {
      const running = fetching.get(id);
      if (running !== undefined) return running;
      const fetched = (async () => {
        try {
          const schema = await registry.fetch(id);
          keep(id, 'reason' in schema ? schema : toWriter(id, schema));
        } finally {
          fetching.delete(id);
        }
      })();
      fetching.set(id, fetched);
      return fetched;
    },
  };
};

const toWriter = (id: SchemaId, schema: SchemaText): Writer | Rejection => {
  try {
    return resolveWriter(parseSchema(schema), userEventSchema);
  } catch (error) {
    // Any other error comes of a schema too: one made to exhaust the stack. It must not stop the partition.
    const why = error instanceof SchemaError ? error.message : 'the schema is too deep';
    return { reason: 'incompatible_schema', detail: `schema ${id}: ${why}` };
  }
};
