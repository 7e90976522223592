import type { EventLayout } from '../bytes/event-layout.ts';
import { type Rejection, rejected } from '../event/rejection.ts';
import type { SchemaId } from '../pipeline/decoder.ts';
import type { SchemaCache } from '../schema-registry/schema-cache.ts';
import type { SchemaRegistry } from '../schema-registry/schema-registry.ts';
import type { SchemaText } from '../schema-registry/schema-text.ts';
import { type ResolvedSchema, resolveWriter } from './resolve-writer.ts';
import { SchemaError } from './schema/schema-text.ts';
import { parseSchema } from './schema/schema-type.ts';

/** The schemas that values were written with, and how each is read. */
export interface WriterSchemas extends SchemaCache {
  /** @returns how values of a schema are read, or why they cannot be; undefined where the schema must be fetched. */
  get(id: SchemaId): ResolvedSchema | Rejection | undefined;
}

/** Far more than a topic has; whoever can register schemas must not fill the function's memory with them. */
const mostKept = 1_000;

/** The most ids that are remembered as unknown: twice the records of the largest batch, so that none of one batch's is forgotten. */
const mostRejected = 20_000;

/** The most ids that are kept to show that the registry gives schemas of the topic. */
const mostReadable = 3;

interface Refused {
  readonly rejection: Rejection;
  readonly until: number;
  readonly times: number;
}

/** Keeps schemas for the life of the environment, for what an id means never changes; and unknown ids for a while. */
export const createWriterSchemas = (
  registry: SchemaRegistry,
  layout: EventLayout,
): WriterSchemas => {
  const kept = new Map<SchemaId, ResolvedSchema | Rejection>();
  const refused = new Map<SchemaId, Refused>();
  const asking = new Map<SchemaId, Promise<Rejection | null>>();
  let readable: readonly SchemaId[] = [];

  const keep = (id: SchemaId, writer: ResolvedSchema | Rejection): void => {
    refused.delete(id);
    put(kept, id, writer, mostKept);
  };
  const reject: WriterSchemas['reject'] = (id, { reason, detail }, forMs) => {
    const times = (refused.get(id)?.times ?? 0) + 1;
    const until = performance.now() + forMs;
    put(refused, id, { rejection: rejected(reason, detail), until, times }, mostRejected);
  };

  const ask = async (id: SchemaId): Promise<Rejection | null> => {
    const answer = await registry.fetch(id);
    if (answer.kind === 'rejected') {
      if (answer.reason === 'unknown_schema') return answer;
      keep(id, answer);
    } else {
      const writer = toWriter(id, answer, layout);
      keep(id, writer);
      if (writer.kind === 'resolved' && answer.bundled === undefined)
        readable = [id, ...readable.filter((one) => one !== id)].slice(0, mostReadable);
    }
    return null;
  };

  return {
    get(id) {
      const found = kept.get(id);
      if (found !== undefined || refused.size === 0) return found;
      const unknown = refused.get(id);
      return unknown === undefined || unknown.until <= performance.now()
        ? undefined
        : unknown.rejection;
    },
    ask(id) {
      const running = asking.get(id);
      if (running !== undefined) return running;
      const answer = ask(id).finally(() => asking.delete(id));
      asking.set(id, answer);
      return answer;
    },
    reject,
    rejections: (id) => refused.get(id)?.times ?? 0,
    get readable() {
      return readable;
    },
  };
};

/** Puts an entry last, and removes the first where there are too many. */
const put = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void => {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
};

const toWriter = (
  id: SchemaId,
  schema: SchemaText,
  layout: EventLayout,
): ResolvedSchema | Rejection => {
  try {
    return resolveWriter(parseSchema(schema), layout);
  } catch (error) {
    // Any other error comes of a schema too: one made to exhaust the stack. It must not stop the partition.
    const why = error instanceof SchemaError ? error.message : 'the schema is too deep';
    return rejected('incompatible_schema', `schema ${id}: ${why}`);
  }
};
