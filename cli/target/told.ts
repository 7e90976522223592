import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';

/** A part of a look: what was found, or why it could not be looked at. */
export type Told<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly why: string };

/** Asks for a part of a look. A sentence that says why it cannot be had takes its place; a bug is thrown. */
export const told = async <T>(ask: () => Promise<T>): Promise<Told<T>> => {
  try {
    return { kind: 'known', value: await ask() };
  } catch (error) {
    if (!(error instanceof UserFacingError || error instanceof IngestError)) throw error;
    return { kind: 'unknown', why: error.message };
  }
};
