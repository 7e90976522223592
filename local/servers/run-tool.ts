import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';

/**
 * Runs a tool to its end; gives what it printed. The tool ends with this process: it would else fill folders that are removed.
 * @throws {Error} with `stdout` and `stderr`, where the tool cannot begin or fails.
 */
export const runTool = async (
  file: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> => {
  const running = promisify(execFile)(file, args);
  guardProcess(running.child);
  return await running;
};
