import { setTimeout as pause } from 'node:timers/promises';
import type { Rejection } from '../event/rejection.ts';
import type { Deadline } from '../pipeline/deadlines.ts';
import type { AwaitedSchema, Decoder, SchemaId } from '../pipeline/decoder.ts';
import { IngestError, OutOfTimeError, UnavailableError } from '../pipeline/errors.ts';
import type { FlowControl } from '../pipeline/flow-control.ts';
import {
  type Answer,
  compareFailures,
  mayBeOwnFault,
  type OwnFault,
  rejectionOf,
} from './compare-failures.ts';
import { type SchemaCache, unknownForMs } from './schema-cache.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/**
 * Milliseconds before new ids are asked for once more: a follower of a registry may be some seconds behind its leader, and a value is
 * never written before its schema is registered.
 */
const lagMs = 4_000;

/** The most ids of an invocation that are asked for a second time: those that most records name. A topic has a few real ones. */
const mostAskedAgain = 100;

/** The attempts for an id before it is compared with others. */
const firstAttempts = 3;

/** The attempts for an id that was not found. */
const nextAttempts = 2;

/** The part of the time for schemas within which every id is asked for the first time. */
const firstShare = 1 / 2;

/** The longest, in milliseconds, that an id which fails by itself is not asked for. The time doubles from `unknownForMs`. */
const longestRejectionMs = 600_000;

/**
 * Fetches the schemas that an invocation's records await, and finds out what is at fault where one does not come: the record, which is
 * then rejected, or the registry, which is waited for. Its rules and their reasons are in
 * docs/decisions/0011-what-a-registry-s-answer-says-of-a-record.md.
 */
export const createFetchSchemas = (
  registry: SchemaRegistry,
  cache: SchemaCache,
): Decoder['fetchSchemas'] => {
  /** The topics of the environment's life. A schema of one topic says nothing of another topic's. */
  const topics = new Set<string>();

  return (awaited, flow, deadline) => {
    for (const one of awaited) for (const topic of one.topics) topics.add(topic);
    const ids = mostNamedFirst(awaited);
    const ask = createAsk(cache, flow);
    const left = deadline.left();
    const soon: Deadline = { left: () => deadline.left() - left * (1 - firstShare) };
    const first = new Map(ids.map((id) => [id, ask(id, soon, firstAttempts)]));

    const askForGood = async (): Promise<SchemaId | null> => {
      for (const id of cache.readable) {
        try {
          const answer = await flow.request(() => registry.fetch(id), deadline, 1);
          if (answer.kind === 'found') return id;
          // Deleted meanwhile: another may still be there.
        } catch (error) {
          if (error instanceof IngestError) return null;
          throw error;
        }
      }
      return null;
    };

    /** What is found out is remembered from the end on, when the records are read by it: none of it may be forgotten before. */
    const findings: (() => void)[] = [];
    const reject = (id: SchemaId, rejection: Rejection, forMs: number): void => {
      findings.push(() => cache.reject(id, rejection, forMs));
    };
    const isNew = (id: SchemaId): boolean => cache.rejections(id) === 0;
    /** @returns the error that the records of an id wait with; null where they need not. */
    const act = async (
      id: SchemaId,
      answer: Answer | OwnFault,
      again: ReadonlySet<SchemaId>,
      isLast = false,
    ): Promise<IngestError | null> => {
      switch (answer.kind) {
        case 'kept':
          return null;
        case 'missing':
          reject(id, answer.rejection, unknownForMs);
          return null;
        case 'own-fault': {
          const forMs = Math.min(unknownForMs * 2 ** cache.rejections(id), longestRejectionMs);
          reject(id, rejectionOf(id, answer), forMs);
          return null;
        }
        case 'failed': {
          const { error } = answer;
          if (isLast || error instanceof UnavailableError) return error;
          // The registry's own fault, as far as can be told, and a passing one: tried again while there is time.
          const last = await ask(id, deadline);
          const isFinal = !mayAppear(last) || !isNew(id) || again.size === mostAskedAgain;
          if (isFinal || last.kind !== 'missing') return act(id, last, again, true);
          reject(id, last.rejection, 0);
          return new UnavailableError(
            `the schema registry did not have schema ${id} when it answered, and there was no time to ask again`,
          );
        }
      }
    };

    const settleOthers = async (): Promise<ReadonlyMap<SchemaId, IngestError | null>> => {
      const answers = await valuesOf(first);
      const isComparable = topics.size === 1 && cache.readable.length > 0;
      const suspects = new Map<SchemaId, IngestError>();
      for (const [id, answer] of answers)
        if (isComparable && answer.kind === 'failed' && mayBeOwnFault(answer.error))
          suspects.set(id, answer.error);
      const again = new Set(
        ids
          .filter((id) => suspects.has(id) || (mayAppear(answers.get(id)) && isNew(id)))
          .slice(0, mostAskedAgain),
      );
      if ([...again].some(isNew)) await pause(Math.max(0, Math.min(lagMs, deadline.left() / 2)));

      const compared = compareFailures(suspects, again, {
        ask: (id, attempts) => ask(id, deadline, attempts),
        askForGood,
        deadline,
      });
      const settled = new Map<SchemaId, Promise<IngestError | null>>();
      for (const [id, answer] of answers) {
        const settle = async (): Promise<IngestError | null> => {
          if (answer.kind !== 'failed')
            return act(id, again.has(id) ? await ask(id, deadline, nextAttempts) : answer, again);
          // Trying again begins when the few questions that compare ids have been asked.
          return act(id, (await compared).get(id) ?? answer, again);
        };
        settled.set(id, settle());
      }
      const errors = await valuesOf(settled);
      for (const remember of findings) remember();
      return errors;
    };

    const others = settleOthers();
    // A bug is thrown by the promise of its id.
    others.catch(() => {});
    return new Map(
      [...first].map(([id, answer]) => {
        const settled = async (): Promise<IngestError | null> =>
          (await answer).kind === 'kept' ? null : ((await others).get(id) ?? null);
        return [id, settled()];
      }),
    );
  };
};

/** Whether the registry does not have the schema now, and may in a moment. */
const mayAppear = (answer: Answer | undefined): boolean =>
  answer?.kind === 'missing' && 'mayAppear' in answer.rejection;

/** Real ids are not kept waiting by nonsense, of which no id comes twice; the others keep the order of their records. */
const mostNamedFirst = (awaited: readonly AwaitedSchema[]): SchemaId[] =>
  awaited.toSorted((a, b) => b.records - a.records).map(({ id }) => id);

const createAsk =
  (cache: SchemaCache, flow: FlowControl) =>
  async (id: SchemaId, until: Deadline, attempts?: number): Promise<Answer> => {
    try {
      const rejection = await flow.request(() => cache.ask(id), until, attempts);
      return rejection === null ? { kind: 'kept' } : { kind: 'missing', rejection };
    } catch (error) {
      // Any other error is a bug, and escapes.
      if (!(error instanceof IngestError)) throw error;
      return {
        kind: 'failed',
        error: error instanceof OutOfTimeError ? notAsked(id) : error,
      };
    }
  };

const notAsked = (id: SchemaId): OutOfTimeError =>
  new OutOfTimeError(
    `no time was left to ask the schema registry for schema ${id}: the next delivery goes on from here`,
  );

const valuesOf = async <Key, Value>(
  promises: ReadonlyMap<Key, Promise<Value>>,
): Promise<Map<Key, Value>> => {
  const values = await Promise.all(promises.values());
  return new Map([...promises.keys()].map((key, index) => [key, values[index] as Value]));
};
