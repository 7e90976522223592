import type { Candidate } from '../candidate.ts';

/** Where records that may be redriven come from. */
export interface Source extends AsyncDisposable {
  /**
   * Reads the candidates; it can be called again, and reads them again.
   * @throws {UserFacingError | IngestError} where the source cannot be read on.
   */
  candidates(signal: AbortSignal): AsyncIterable<Candidate>;
  /** Lists what could not be read, each as a sentence, once the candidates have been read. */
  readonly unread: readonly string[];
  /** Finishes what is in hand, and says what stays where it was, and what does not. */
  end(): Promise<string>;
}
