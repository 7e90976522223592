import { SchemaError } from '../functions/ingest/avro/schema/schema-reader.ts';
import { EventPlanError } from '../functions/ingest/event/plan.ts';
import { IngestError } from '../functions/ingest/pipeline/errors.ts';
import { WriterSchemasError } from '../functions/ingest/schema-registry/writer-schemas-file.ts';
import { ConfigError } from '../functions/ingest/settings/config-error.ts';
import { columns, wrap } from './print.ts';
import { UserFacingError } from './user-facing-error.ts';

/**
 * The milliseconds within which signals count as one Ctrl-C. It comes up to three times: from the terminal, from npm and from
 * run.js.
 */
const oneKeyPressMs = 1_000;

/** The milliseconds after which a stop is told that has not come to its end. */
const slowStopMs = 1_000;

let slowStop: NodeJS.Timeout | undefined;

/** Tells that the stop has come to its end, and what is open stays open on purpose. */
export const keepOpen = (): void => clearTimeout(slowStop);

/**
 * Runs a command line and ends the process, with the result as exit code. Ctrl-C and SIGTERM abort the signal, so that all
 * resources are closed; a second one ends the process at once (the watchdog then stops the servers). A user-facing error is shown
 * as its sentence, any other error with its stack. After a stop, only the stop and what could not be closed are told.
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
    slowStop = setTimeout(
      () => tell('Closing what is open; another Ctrl-C ends it at once …'),
      slowStopMs,
    ).unref();
    abort.abort(new UserFacingError(`Stopped by ${signal}.`));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.on('SIGHUP', interrupt);
  try {
    process.exitCode = await run(abort.signal);
  } catch (error) {
    process.exitCode = abort.signal.aborted ? 130 : 1;
    tell(abort.signal.aborted ? stopped(abort.signal.reason, error) : sentence(error));
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
    ? `${stopped(reason, error.suppressed)}\n${sentence(error.error)}`
    : sentence(reason);

/** The errors whose message says the fault and the remedy. */
const told = [
  UserFacingError,
  IngestError,
  ConfigError,
  EventPlanError,
  SchemaError,
  WriterSchemasError,
];

const sentence = (error: unknown): string => {
  if (error instanceof SuppressedError)
    return `${sentence(error.suppressed)}\n${sentence(error.error)}`;
  if (told.some((expected) => error instanceof expected)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
