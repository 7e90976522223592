/** The function, as its configuration on AWS has it. */
export interface FunctionOptions {
  /**
   * The handler as Lambda has it (`dist/index.handler`), from `codeFolder`; or the path of a module that exports `handler`. The
   * module may be TypeScript where Node strips its types.
   */
  readonly handler?: string;
  /** A program that speaks the Runtime API, with its arguments, in place of Node and the handler. It runs in `codeFolder`. */
  readonly command?: readonly string[];
  /** The folder with the code (`LAMBDA_TASK_ROOT`). Default: that of the module, or the current one. */
  readonly codeFolder?: string;
  /** The function's own variables; Lambda's standard variables are added. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Seconds of an invocation, after which the process is killed: 1 to 840, AWS's limit for Kafka. Default 3. */
  readonly timeoutSeconds?: number;
  /** The memory that the function is told; it is not limited. Default 128. */
  readonly memorySizeMb?: number;
  readonly functionName?: string;
  /** The execution environments at the same time: as many as the mapping's concurrent invocations. Default 1. */
  readonly environments?: number;
  /**
   * The port of Node's inspector, 0 for any. The function waits for a debugger before it loads its code, and no timeout passes. Needs
   * `environments` to be 1.
   */
  readonly inspect?: number;
  /** Called with each line that the process writes. */
  readonly onLog?: (line: string) => void;
  /** Called with Lambda's own lines: START, END, REPORT, and that a task has timed out. */
  readonly onPlatformLog?: (line: string) => void;
}
