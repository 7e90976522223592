import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { commitOf, version } from '../infra/release.ts';
import { consoleCommand, runConsole } from './console/console.ts';
import { type Context, type ExitCode, exitCodes } from './operate/context.ts';
import { runOperation } from './operate/run-operation.ts';
import { terminalOutput } from './output/terminal-output.ts';
import { openTarget } from './target/open-target.ts';
import { confirm } from './terminal/confirm.ts';
import { main } from './terminal/main.ts';
import { shellWords } from './terminal/shell-words.ts';

/**
 * Runs a command line of the operations at a terminal, and ends the process. The clients of AWS are loaded only for a deployed pipeline.
 * @param given the words after the program's name.
 * @param addLocal adds the commands that run something on this machine.
 */
export const runCommandLine = (
  given: readonly string[],
  addLocal: (program: Command) => void,
): Promise<void> =>
  main(async (signal): Promise<ExitCode> => {
    const words = given.length === 0 ? ['--help'] : given;
    const output = terminalOutput();
    let goesOnBy: readonly string[] | undefined;
    let region: string | undefined;
    const context: Context = {
      signal,
      output,
      openTarget: (options) =>
        openTarget(options, async (deployed) => {
          const { findStage } = await import('./stage/find-stage.ts');
          const found = await findStage(deployed);
          region = found.stack?.region;
          return found;
        }),
      async caller() {
        // Whoever writes in a deployed pipeline is known to AWS.
        if (region === undefined) return `${userInfo().username} on this machine`;
        const { callerIdentity } = await import('./stage/caller.ts');
        return (await callerIdentity(region)).arn;
      },
      confirm: (question) => confirm(question, signal),
      goOnBy(argv) {
        goesOnBy = argv;
      },
      async viaFunction(...asked) {
        const { viaFunction } = await import('./stage/via-function.ts');
        return viaFunction(...asked);
      },
    };
    try {
      return await runOperation(words, context, (program) => {
        program.version(
          `${version}, commit ${commitOf()}`,
          '--version',
          'print the version and the commit',
        );
        program.addCommand(
          consoleCommand(async (options) => {
            await runConsole(context, options);
          }).helpGroup('On a running pipeline:'),
        );
        addLocal(program);
      });
    } catch (error) {
      if (goesOnBy !== undefined) output.tell(`Go on by: npx user-events ${shellWords(goesOnBy)}`);
      throw error;
    }
  }, exitCodes.incomplete);
