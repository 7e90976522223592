import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserFacingError } from '../../terminal/user-facing-error.ts';
import { mostEnvelopeBytes } from './envelope.ts';
import { type EnvelopeReader, unreadable } from './envelope-candidates.ts';
import { removalFrom } from './removal.ts';
import { settledBatch } from './settled-batch.ts';
import type { Source } from './source.ts';

/** A folder of failed batches. */
interface FolderPlace {
  readonly folder: string;
  /** True where files of which nothing is left to be done are removed. */
  readonly removes: boolean;
}

/**
 * Opens a folder with an envelope in each file, such as one that `consume --on-failure` or a copy of a bucket has filled.
 * @throws {UserFacingError} where it cannot be read.
 */
export const folderSource = async (
  { folder, removes }: FolderPlace,
  envelopes: EnvelopeReader,
): Promise<Source> => {
  const files = async (): Promise<string[]> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
      throw new UserFacingError(`The folder ${folder} cannot be read (${error.code}).`);
    });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  };
  await files();
  const unread: string[] = [];
  const removal = removalFrom({ place: folder, removes }, unread);
  const read = async function* (name: string, signal: AbortSignal) {
    const bytes = await readFile(join(folder, name)).catch((error) => String(error.code));
    if (typeof bytes === 'string') yield unreadable(name, `it cannot be read (${bytes})`);
    else if (bytes.length > mostEnvelopeBytes)
      yield unreadable(name, 'it is larger than any envelope');
    else yield* envelopes.read(name, bytes.toString('utf8'), signal);
  };
  return {
    unread,
    end: () => removal.end(),
    async *candidates(signal) {
      for (const name of await files()) {
        signal.throwIfAborted();
        yield* settledBatch(read(name, signal), (isFine) => {
          if (isFine) removal.remove(name, () => rm(join(folder, name)));
        });
      }
    },
    [Symbol.asyncDispose]: () => envelopes[Symbol.asyncDispose](),
  };
};
