/** What a look at the health of a pipeline has found: a sentence, and the command that repairs it or shows more. */
export interface Finding {
  /** The question that it answers. */
  readonly about: Question;
  readonly state: 'wrong' | 'unknown' | 'fine';
  /** A whole sentence. */
  readonly says: string;
  /** A command line; null where nothing is to be done. */
  readonly next: string | null;
}

/** The questions, in the order in which they are answered. */
type Question =
  | 'version'
  | 'reading'
  | 'lag'
  | 'waiting'
  | 'lost'
  | 'rejected'
  | 'on-failure'
  | 'alarms';

/** Makes the command line that looks at the same pipeline. */
export type CommandLine = (...words: readonly string[]) => string;
