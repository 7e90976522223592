import type { Command } from 'commander';
import { forget } from '../forget/forget.ts';
import { forgetCommand } from '../forget/forget-command.ts';
import { health, healthCommand } from '../health/health.ts';
import { partitions, partitionsCommand } from '../partitions/partitions.ts';
import { rates, ratesCommand } from '../rates/rates.ts';
import { redrive } from '../redrive/redrive.ts';
import { redriveCommand } from '../redrive/redrive-command.ts';
import { exportRejected } from '../rejected/export.ts';
import { listRejected } from '../rejected/list.ts';
import { rejected } from '../rejected/rejected.ts';
import { rejectedCommand } from '../rejected/rejected-command.ts';
import { showRejected } from '../rejected/show.ts';
import { replay } from '../replay/replay.ts';
import { replayCommand } from '../replay/replay-command.ts';
import { listTasks } from '../tasks/list.ts';
import { showTask } from '../tasks/show.ts';
import { stopTask } from '../tasks/stop.ts';
import { tasksCommand } from '../tasks/tasks-command.ts';

import { UserFacingError } from '../terminal/user-facing-error.ts';
import { trace, traceCommand } from '../trace/trace.ts';
import { user, userCommand } from '../user/user.ts';
import { verify } from '../verify/verify.ts';
import { verifyCommand } from '../verify/verify-command.ts';
import type { Context, ExitCode } from './context.ts';

/** The run of a command line. */
export interface Run {
  /** The words after the program's name. */
  readonly words: readonly string[];
  /** The exit code, once the command has run. */
  exitCode: ExitCode;
  /** The command that was called. */
  called?: Command;
}

/**
 * The commands on a running pipeline. A person's terminal runs them, and so does the function that stands where the database can be reached.
 * @param context what the command that is called works with.
 * @param line receives the exit code. It knows the command before that runs.
 */
export const operations = (context: Context, line: Run): Command[] => {
  const run =
    <Given extends readonly unknown[]>(
      command: (context: Context, ...given: Given) => Promise<ExitCode>,
    ) =>
    async (...given: Given): Promise<void> => {
      const { called, words } = line;
      line.exitCode =
        called?.optsWithGlobals()['viaFunction'] === true
          ? await viaFunction(context, words, called)
          : await command(context, ...given);
    };
  return [
    userCommand(run(user)),
    ratesCommand(run(rates)),
    traceCommand(run(trace)),
    healthCommand(run(health)),
    partitionsCommand(run(partitions)),
    rejectedCommand({
      group: run(rejected),
      list: run(listRejected),
      show: run(showRejected),
      export: run(exportRejected),
    }),
    verifyCommand(run(verify)),
    redriveCommand(run(redrive)),
    forgetCommand(run(forget)),
    tasksCommand({ list: run(listTasks), show: run(showTask), stop: run(stopTask) }),
    replayCommand(run(replay)),
  ];
};

const viaFunction = (
  context: Context,
  words: readonly string[],
  command: Command,
): Promise<ExitCode> => {
  if (context.viaFunction === undefined)
    throw new UserFacingError('--via-function is for the command line alone.');
  return context.viaFunction(context, words, command);
};
