import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import type { CommonOptions } from '../operate/operation.ts';
import { openTasks } from './tasks.ts';

export type StopOptions = CommonOptions;

/** Asks the process of a task to stop. */
export const stopTask = async (
  { output, openTarget }: Context,
  id: string,
  options: StopOptions,
): Promise<ExitCode> => {
  await using target = await openTarget(options);
  const isRunning = await (await openTasks(target)).stop(id);
  output.tell(
    isRunning
      ? `The task ${id} was asked to stop. Its process ends what is in flight first, within seconds.`
      : `The task ${id} does not run, so that there is nothing to stop.`,
  );
  return isRunning ? exitCodes.fine : exitCodes.differs;
};
