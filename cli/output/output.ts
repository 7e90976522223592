/** Where a command's result and its progress go: a terminal, or the answer of a function that runs the command. */
export interface Output {
  /** Writes a line of the result. */
  readonly print: (line: string) => void;
  /** Writes a line about the work, which is no part of the result. */
  readonly tell: (line: string) => void;
  /** Shows how far the work is, in place of what it showed before; nothing where nobody watches. */
  readonly progress: (text: string) => void;
}
