import { setImmediate } from 'node:timers/promises';
import { errorText } from './error-text.ts';
import { columns, wrap } from './print.ts';
import { UserFacingError } from './user-facing-error.ts';

/**
 * The milliseconds within which signals count as one Ctrl-C. It comes up to three times: from the terminal, from npm and from
 * run.js.
 */
const oneKeyPressMs = 1_000;

/** The milliseconds after which a stop is told that has not come to its end. */
const slowStopMs = 1_000;

/** The exit code where nobody reads the output any more: that of a process that SIGPIPE has ended. */
const unreadCode = 141;

let slowStop: NodeJS.Timeout | undefined;

/** Tells that the stop has come to its end, and what is open stays open on purpose. */
export const keepOpen = (): void => clearTimeout(slowStop);

/**
 * Runs a command line and ends the process, with the result as exit code. Ctrl-C and SIGTERM abort the signal, so that all
 * resources are closed; a second one ends the process at once (the watchdog then stops the servers). A user-facing error is shown
 * as its sentence, any other error with its stack. After a stop, only the stop and what could not be closed are told. Where nobody reads the
 * output any more, it ends as by Ctrl-C.
 * @param failed the exit code after an error.
 */
export const main = async (
  run: (signal: AbortSignal) => Promise<number>,
  failed = 1,
): Promise<void> => {
  const abort = new AbortController();
  let firstAt = 0;
  const interrupt = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) {
      if (performance.now() - firstAt > oneKeyPressMs) process.exit(130);
      return;
    }
    firstAt = performance.now();
    slowStop = setTimeout(
      () => tell('Closing what is open; another Ctrl-C ends it at once …'),
      slowStopMs,
    ).unref();
    abort.abort(new UserFacingError(`Stopped by ${signal}.`));
  };
  // Nobody reads the output any more: `| head` has its lines. The end is that of Ctrl-C, without a word.
  let isUnread = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && !isUnread) throw error;
    isUnread = true;
    abort.abort(new UserFacingError('Nobody reads the output.'));
  });
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.on('SIGHUP', interrupt);
  try {
    const ended = await run(abort.signal);
    // A write that nobody has read is told in the next turn.
    await setImmediate();
    process.exitCode = isUnread ? unreadCode : ended;
  } catch (error) {
    process.exitCode = isUnread ? unreadCode : abort.signal.aborted ? 130 : failed;
    if (!isUnread)
      tell(abort.signal.aborted ? stopped(abort.signal.reason, error) : errorText(error));
  }
  // All resources are closed by now. But cassandra-driver 4.10.0 leaves timers behind where a connection was lost, and they would
  // keep this process alive.
  process.exit();
};

/** Tells a sentence; a terminal would break its lines within words. */
const tell = (text: string): void =>
  void process.stderr.write(`\n${process.stderr.isTTY ? wrap(text, columns()) : text}\n`);

/** Tells a stop, and the errors of closing that came of it. What the stop itself has broken off is no news. */
const stopped = (reason: unknown, error: unknown): string =>
  error instanceof SuppressedError
    ? `${stopped(reason, error.suppressed)}\n${errorText(error.error)}`
    : errorText(reason);
