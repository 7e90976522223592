import type { Context, ExitCode } from '../../cli/operate/context.ts';
import { runOperation } from '../../cli/operate/run-operation.ts';
import type { MappingSwitch } from '../../cli/target/mapping-switch.ts';
import { type FindStage, openTarget } from '../../cli/target/open-target.ts';
import type { Stack } from '../../cli/target/stack.ts';
import type { Environment } from '../../functions/ingest/settings/read-settings.ts';

/** What a command line has done. */
interface Operated {
  readonly exitCode: ExitCode;
  /** The lines of the result. */
  readonly printed: readonly string[];
  /** The lines about the work. */
  readonly told: readonly string[];
  /** The command line that goes on where this one was broken off; null where it named none. */
  readonly goesOnBy: readonly string[] | null;
}

interface OperateOptions {
  /** The variables of the pipeline that is looked at. */
  readonly environment?: Environment;
  readonly topic?: string;
  readonly bootstrapServers?: readonly string[];
  readonly stack?: Stack;
  readonly mapping?: MappingSwitch;
  /** The answer to every question. */
  readonly confirms?: boolean;
  readonly signal?: AbortSignal;
  readonly findStage?: FindStage;
}

/** Runs a command line of the operations in this process, on a pipeline that is given. */
export const operate = async (
  argv: readonly string[],
  options: OperateOptions = {},
): Promise<Operated> => {
  const { environment, topic = null, bootstrapServers = [], confirms = false } = options;
  const { stack = null, mapping } = options;
  const { signal = new AbortController().signal, findStage } = options;
  const printed: string[] = [];
  const told: string[] = [];
  let goesOnBy: readonly string[] | null = null;
  const context: Context = {
    signal,
    output: {
      print: (line) => void printed.push(...line.split('\n')),
      tell: (line) => void told.push(...line.split('\n')),
      progress: () => {},
    },
    openTarget: (given) =>
      openTarget(
        environment === undefined ? given : { ...given, stage: 'given' },
        environment === undefined && findStage !== undefined
          ? findStage
          : async () => ({
              name: 'the test’s pipeline',
              environment: environment ?? {},
              topic,
              stack,
              ...(mapping !== undefined && { mapping }),
              kafka: async () => ({ bootstrapServers }),
            }),
      ),
    caller: async () => 'a test',
    confirm: async () => confirms,
    goOnBy: (by) => {
      goesOnBy = by;
    },
  };
  return { exitCode: await runOperation(argv, context), printed, told, goesOnBy };
};
