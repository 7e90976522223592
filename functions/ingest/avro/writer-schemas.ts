import type { EventLayout } from '../bytes/event-layout.ts';
import type { Rejection } from '../event/rejection.ts';
import type { SchemaId } from '../pipeline/decoder.ts';
import type { MissingSchema, SchemaRegistry } from '../schema-registry/schema-registry.ts';
import type { SchemaText } from '../schema-registry/schema-text.ts';
import { resolveWriter, type Writer } from './resolve-writer.ts';
import { SchemaError } from './schema/schema-text.ts';
import { parseSchema } from './schema/schema-type.ts';

/** The writers that are known: how values are read that were written with a schema, or why they cannot be. */
export interface Writers {
  /** @returns undefined where the schema must be fetched. */
  get(id: SchemaId): Writer | Rejection | undefined;
  /**
   * Asks the registry for a schema, once however many ask at the same time, and keeps it.
   * @returns null when the answer is kept, or the rejection for a schema that the registry does not have.
   * @throws as the registry does.
   */
  ask(id: SchemaId): Promise<Rejection | MissingSchema | null>;
  /** Keeps a rejection of all values of a schema. @param forMs milliseconds until the registry is asked again. */
  reject(id: SchemaId, rejection: Rejection, forMs: number): void;
  /** Counts how often the id was rejected in this environment; 0 for an id that is new. */
  rejections(id: SchemaId): number;
  /** The ids that the registry gave last whose values are read as events; the newest stands first. */
  readonly readable: readonly SchemaId[];
}

/** Far more than a topic has; whoever can register schemas must not fill the function's memory with them. */
const mostKept = 1_000;

/** The most ids that are remembered as unknown: twice the records of the largest batch, so that none of one batch's is forgotten. */
const mostRejected = 20_000;

/** Milliseconds for which an unknown id is believed to be unknown. Asking again costs one request, and no waiting. */
export const unknownForMs = 30_000;

/** The most ids that are kept to show that the registry gives schemas of the topic. */
const mostReadable = 3;

interface Rejected {
  readonly rejection: Rejection;
  readonly until: number;
  readonly times: number;
}

/** Keeps schemas for the life of the environment, for what an id means never changes; and unknown ids for a while. */
export const createWriters = (registry: SchemaRegistry, layout: EventLayout): Writers => {
  const kept = new Map<SchemaId, Writer | Rejection>();
  const rejected = new Map<SchemaId, Rejected>();
  const asking = new Map<SchemaId, Promise<Rejection | null>>();
  let readable: readonly SchemaId[] = [];

  const keep = (id: SchemaId, writer: Writer | Rejection): void => {
    rejected.delete(id);
    put(kept, id, writer, mostKept);
  };
  const reject: Writers['reject'] = (id, { reason, detail }, forMs) => {
    const times = (rejected.get(id)?.times ?? 0) + 1;
    const until = performance.now() + forMs;
    put(rejected, id, { rejection: { reason, detail }, until, times }, mostRejected);
  };

  const ask = async (id: SchemaId): Promise<Rejection | null> => {
    const answer = await registry.fetch(id);
    if ('reason' in answer) {
      if (answer.reason === 'unknown_schema') return answer;
      keep(id, answer);
    } else {
      const writer = toWriter(id, answer, layout);
      keep(id, writer);
      if (!('reason' in writer) && answer.bundled === undefined)
        readable = [id, ...readable.filter((one) => one !== id)].slice(0, mostReadable);
    }
    return null;
  };

  return {
    get(id) {
      const found = kept.get(id);
      if (found !== undefined || rejected.size === 0) return found;
      const unknown = rejected.get(id);
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
    rejections: (id) => rejected.get(id)?.times ?? 0,
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

const toWriter = (id: SchemaId, schema: SchemaText, layout: EventLayout): Writer | Rejection => {
  try {
    return resolveWriter(parseSchema(schema), layout);
  } catch (error) {
    // Any other error comes of a schema too: one made to exhaust the stack. It must not stop the partition.
    const why = error instanceof SchemaError ? error.message : 'the schema is too deep';
    return { reason: 'incompatible_schema', detail: `schema ${id}: ${why}` };
  }
};
