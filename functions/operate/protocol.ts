import type { ExitCode } from '../../cli/operate/context.ts';
import type { Stack } from '../../cli/target/stack.ts';
import type { StackHealth } from '../../cli/target/stack-health.ts';

/** A command line that the function is asked to run, or to go on with. */
export interface OperateEvent {
  /** The words after the program's name, without the options that name the pipeline. */
  readonly argv: readonly string[];
  /** Names whoever calls, for audit lines. */
  readonly caller: string;
  /** The id of the run, a uuid: the run's files have it in their names. */
  readonly run: string;
  /** The names of the run's files that are in the bucket. */
  readonly files: readonly string[];
  /** How many slices of its time the function may take before a command that can go on is broken off: more, where fewer brought it no further. */
  readonly slices: number;
  /** The width of the caller's terminal, in characters. */
  readonly columns: number;
  /** The names of the stack's resources. */
  readonly stack: Stack;
  /** The state of the event source mapping in AWS's words; null where nobody has asked for it. */
  readonly mappingState: string | null;
  /** What AWS says of the pipeline, which the function may not ask; null where nobody has asked for it. Its times are texts. */
  readonly stackHealth: StackHealth | null;
}

/** A line of the result, or about the work. */
export type AnswerLine = readonly [stream: 'out' | 'err', text: string];

/** What the function has done in the time that it had. */
export interface OperateAnswer {
  readonly lines: readonly AnswerLine[];
  /** The file of the run that has the further lines, one a line as JSON; null where the answer has all. */
  readonly furtherLines: string | null;
  /** The names of the run's files that are new or changed in the bucket. */
  readonly changed: readonly string[];
  /** The exit code; null where the command goes on by `goesOnBy`. */
  readonly exitCode: ExitCode | null;
  /** The command line that goes on where the time was up; null where none does. */
  readonly goesOnBy: readonly string[] | null;
  /** True where the command has come further than where it began. */
  readonly isFurther: boolean;
  /** How far the work is. */
  readonly progress: string;
}

/** Makes the key of a run's file in the bucket. */
export const keyOf = (run: string, file: string): string => `runs/${run}/${file}`;

/** Tells whether a name is that of a file in the folder of a run, and not of one elsewhere. */
export const isFileName = (name: string): boolean =>
  /^[^/\\\0]{1,200}$/.test(name) && name !== '.' && name !== '..';
