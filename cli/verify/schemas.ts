import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { IngestError, TransientError } from '../../functions/ingest/pipeline/errors.ts';
import { createRegistry } from '../../functions/ingest/schema-registry/create-registry.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import type { SchemaAnswer, SchemaId } from './rules/record-reader.ts';

/** Asks for a schema of the registry, or of those that are bundled with the function. */
export type AskForSchema = (id: SchemaId) => Promise<SchemaAnswer>;

/** The questions at once. */
const mostAtOnce = 8;

/** The pauses before further tries, in milliseconds. */
const pauses = [200, 1_000, 3_000];

/** Asks the registry of the settings. A question that fails is tried again, and is an answer of its own in the end. */
export const schemasOf = (settings: Settings, signal: AbortSignal): AskForSchema => {
  const registry = createRegistry(settings);
  const limit = pLimit(mostAtOnce);
  const ask = async (id: SchemaId): Promise<SchemaAnswer> => {
    const answer = await registry.fetch(id);
    if (answer.kind === 'found')
      return {
        kind: 'found',
        text: answer.text,
        references: answer.references.map(({ text }) => text),
      };
    return answer.reason === 'unknown_schema'
      ? { kind: 'unknown', isFinal: settings.registry === 'none' }
      : { kind: 'not avro' };
  };
  return (id) =>
    limit(async () => {
      for (const pause of [...pauses, null])
        try {
          signal.throwIfAborted();
          return await ask(id);
        } catch (error) {
          if (!(error instanceof IngestError)) throw error;
          if (!(error instanceof TransientError) || pause === null)
            return { kind: 'unread', detail: error.message };
          await delay(pause, undefined, { signal });
        }
      throw new Error('a question was given up without an answer');
    });
};
