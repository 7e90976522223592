import { Command, CommanderError, type OutputConfiguration } from 'commander';
import type { Context, ExitCode } from './context.ts';
import { exitCodes } from './context.ts';
import { operations, type Run } from './program.ts';

/**
 * Runs a command line of the operations.
 * @param argv the words after the program's name.
 * @param addOthers adds what belongs to the program beside the operations: its version, commands of another kind.
 * @returns the command's exit code; 2 for a mistake in the command line, which has been told, and 0 for help.
 * @throws what the command throws.
 */
export const runOperation = async (
  argv: readonly string[],
  context: Context,
  addOthers: (program: Command) => void = () => {},
): Promise<ExitCode> => {
  const { print, tell } = context.output;
  const line: Run = { words: argv, exitCode: exitCodes.fine };
  const program = new Command('user-events')
    .description(
      'Runs, inspects and repairs a pipeline that brings a Kafka topic of user events into Cassandra.\n\n' +
        'Exit codes: 0 all is right, or done; 1 something is wrong, or a part failed; 2 not everything could be looked at.',
    )
    .helpCommand(false)
    // An option behind the name of a part, such as that of `tasks show`, is the part's.
    .enablePositionalOptions()
    .hook('preAction', (_, called) => {
      line.called = called;
    });
  addOthers(program);
  for (const command of operations(context, line))
    program.addCommand(command.helpGroup('On a running pipeline:'));
  strict(program, {
    writeOut: (text) => print(text.trimEnd()),
    writeErr: (text) => tell(text.trimEnd()),
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and the version end by an error too.
    return error.exitCode === 0 ? exitCodes.fine : exitCodes.incomplete;
  }
  return line.exitCode;
};

/** Makes mistakes in a command line come back as errors, with the way to the help. */
const strict = (command: Command, output: OutputConfiguration): void => {
  command
    .exitOverride()
    .configureOutput(output)
    .allowExcessArguments(false)
    .configureHelp({ minWidthToWrap: 20 })
    .showHelpAfterError('(--help lists the options)');
  for (const option of command.options) {
    let times = 0;
    command.on(`option:${option.name()}`, () => {
      times += 1;
      // The last one would count, and nobody would learn of it.
      if (times === 2 && !option.isBoolean())
        command.error(`error: option '${option.flags}' is given twice`);
    });
  }
  for (const one of command.commands) strict(one, output);
};
