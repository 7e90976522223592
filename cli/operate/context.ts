import type { Command } from 'commander';
import type { Output } from '../output/output.ts';
import type { TargetOptions } from '../target/open-target.ts';
import type { Target } from '../target/target.ts';

/** The exit codes of the commands, for scripts. */
export const exitCodes = {
  /** It agrees, or it is done. */
  fine: 0,
  /** It differs, or a part of it could not be done. */
  differs: 1,
  /** It could not be looked at, or not all of it. */
  incomplete: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a command works with: who calls it and from where makes no difference to it. */
export interface Context {
  /** Is aborted when the command must end: by Ctrl-C, or when a function's time is nearly up. */
  readonly signal: AbortSignal;
  readonly output: Output;
  /** @throws {UserFacingError} where the options name no pipeline. */
  readonly openTarget: (options: TargetOptions) => Promise<Target>;
  /** Names whoever calls the command, for audit lines: the ARN of AWS, or the user of this machine. */
  readonly caller: () => Promise<string>;
  /** Asks whether to go on; false where there is nobody to ask. */
  readonly confirm: (question: string) => Promise<boolean>;
  /**
   * Takes the command line, without the program's name, that goes on where this one is broken off: a function whose time is up runs it
   * next, and at a terminal it is shown after Ctrl-C. It is called before the work, and again whenever the work has come further than where
   * it began.
   */
  readonly goOnBy: (argv: readonly string[]) => void;
  /**
   * Runs a command by the stage's own function; left out where there is no way to it. It gets what the command works with, the words after
   * the program's name, and the command that has read them.
   */
  readonly viaFunction?: (
    context: Pick<Context, 'output' | 'signal' | 'goOnBy'>,
    words: readonly string[],
    command: Command,
  ) => Promise<ExitCode>;
}
