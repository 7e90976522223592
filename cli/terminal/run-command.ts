import type { Command } from 'commander';
import { main } from './main.ts';

/**
 * Runs this process's command line by one command, as `main` does.
 * @param create makes the command; it calls its parameter with what the command line says.
 * @param run does the work, and returns the exit code.
 */
export const runCommand = <Given extends readonly unknown[]>(
  create: (run: (...given: Given) => Promise<void>) => Command,
  run: (signal: AbortSignal, ...given: Given) => Promise<number>,
): Promise<void> =>
  main(async (signal) => {
    let code = 0;
    const command = create(async (...given) => {
      code = await run(signal, ...given);
    });
    await command.parseAsync();
    return code;
  });
