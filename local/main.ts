import { IngestError } from '../functions/ingest/pipeline/errors.ts';
import { ConfigError } from '../functions/ingest/settings/config-error.ts';
import { LocalError } from './local-error.ts';

/** One Ctrl-C comes up to three times: from the terminal, from npm and from run.js. */
const oneKeyPressMs = 1_000;

/**
 * Runs a command line and ends the process: its result is the exit code. Ctrl-C and SIGTERM abort the signal, so that what was opened is
 * closed; a second one ends at once (the watchdog then stops the servers). A fault that a person can mend is shown as
 * its sentence, any other with its stack.
 */
export const main = async (run: (signal: AbortSignal) => Promise<number>): Promise<void> => {
  const abort = new AbortController();
  let firstAt = 0;
  const interrupt = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) {
      if (performance.now() - firstAt > oneKeyPressMs) process.exit(130);
      return;
    }
    firstAt = performance.now();
    abort.abort(new LocalError(`Stopped by ${signal}.`));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.on('SIGHUP', interrupt);
  try {
    process.exitCode = await run(abort.signal);
  } catch (error) {
    process.exitCode = abort.signal.aborted ? 130 : 1;
    process.stderr.write(`\n${sentence(error)}\n`);
  }
  // All that was opened is closed by now, but cassandra-driver 4.10.0 leaves timers behind where a connection was lost,
  // and they would keep this process.
  process.exit();
};

const sentence = (error: unknown): string => {
  if (error instanceof SuppressedError)
    return `${sentence(error.suppressed)}\n${sentence(error.error)}`;
  if ([LocalError, IngestError, ConfigError].some((expected) => error instanceof expected))
    return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
