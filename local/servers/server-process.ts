import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { classArguments, keepClasses } from './class-archive.ts';

/** A server in a process of its own, that can be ended and begun again on the same data. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** Sends SIGSTOP: the server keeps its connections and answers nothing. */
  pause(): void;
  resume(): void;
  /** Sends SIGKILL and waits for the end; a paused server ends too, without another answer. */
  kill(): Promise<void>;
  /** Starts the server again after a kill, and waits until it is ready. */
  restart(): Promise<void>;
}

export interface ServerCommand {
  /** The server's name in messages, such as `Kafka`. */
  readonly name: string;
  readonly java: string;
  /** The folder of jars on the class path, whose classes are archived for the starts to come; without it the arguments say all. */
  readonly library?: string;
  /** The options of the JVM, the class to run, and its arguments. */
  readonly arguments: readonly string[];
  /** The file that the server's output is appended to. */
  readonly log: string;
  /** Settles when the server answers; called again until it does. */
  readonly ready: () => Promise<void>;
}

/** One run of a server, from a start to its end. */
interface Run {
  readonly child: ChildProcess;
  /** Settles when the process has ended, or could not even begin. */
  readonly ended: Promise<unknown>;
  /** The byte of the log at which this run begins: the words of an earlier run do not count. */
  readonly logStart: number;
}

const startTimeoutMs = 120_000;
const pauseBetweenTriesMs = 100;
const stopTimeoutMs = 15_000;

/** The folder that keeps the logs of failed starts: the server's own folder is removed. */
const keptLogs = join(import.meta.dirname, '..', '..', '.local', 'log');

/**
 * Starts a server, and waits until it is ready.
 * @throws {UserFacingError} where it ends, or is not ready in time; the sentence is made from its log.
 */
export const startServer = async (command: ServerCommand): Promise<ServerProcess> => {
  let run = begin(command);
  try {
    await untilReady(run, command);
  } catch (error) {
    await end(run, 'SIGKILL');
    throw error;
  }
  return {
    get pid() {
      return run.child.pid ?? 0;
    },
    pause: () => void run.child.kill('SIGSTOP'),
    resume: () => void run.child.kill('SIGCONT'),
    kill: () => end(run, 'SIGKILL'),
    async restart() {
      await end(run, 'SIGKILL');
      run = begin(command);
      await untilReady(run, command);
    },
    async [Symbol.asyncDispose]() {
      await end(run, 'SIGTERM');
      // A JVM that was killed may have written a part of its archive.
      if (command.library !== undefined && run.child.signalCode === null)
        await keepClasses(command.library, writtenBy(command));
    },
  };
};

/** Names the file for the archive of classes that a server writes at its end. */
const writtenBy = ({ log }: ServerCommand): string => join(dirname(log), 'classes.jsa');

const begin = (command: ServerCommand): Run => {
  const { java, library, log } = command;
  const classes = library === undefined ? [] : classArguments(library, writtenBy(command));
  const args = [...classes, ...command.arguments];
  const output = openSync(log, 'a');
  const logStart = fstatSync(output).size;
  // The server has a process group of its own: a terminal's Ctrl-C ends this program, which then ends the server in order.
  const child = spawn(java, args, { stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  guardProcess(child);
  // `once` rejects with the error of a process that could not begin, and settles all the same.
  return { child, ended: once(child, 'exit').catch((error) => error), logStart };
};

const hasEnded = ({ child }: Run): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

const untilReady = async (run: Run, command: ServerCommand): Promise<void> => {
  const { name, ready } = command;
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    // A try may outlast the process by seconds.
    const fault = await Promise.race([
      ready().then(
        () => null,
        (error: unknown) => ({ error }),
      ),
      run.ended.then((error) => ({ error })),
    ]);
    // The end is checked first, because another program on its port may have answered in its place.
    if (hasEnded(run)) {
      const said = logOf(run, command);
      throw new UserFacingError(startFault(name, said) + (await keepLog(command, said)), {
        cause: fault?.error,
      });
    }
    if (fault === null) return;
    if (Date.now() > deadline) {
      const said = logOf(run, command);
      throw new UserFacingError(
        `${name} did not answer within ${startTimeoutMs / 1000} s of its start. Is the machine very busy? The last ` +
          `of its log: ${lastLine(said)}${await keepLog(command, said)}`,
        { cause: fault.error },
      );
    }
    await Promise.race([delay(pauseBetweenTriesMs), run.ended]);
  }
};

/** Reads the server's log since this start. */
const logOf = ({ logStart }: Run, { log }: ServerCommand): string =>
  readFileSync(log).subarray(logStart).toString('utf8');

/**
 * Keeps the whole log and names its path in a further sentence. Returns none where the first sentence is enough, or the log
 * cannot be kept.
 */
const keepLog = async ({ name }: ServerCommand, said: string): Promise<string> => {
  if (knownFault(name, said) !== null) return '';
  const path = join(keptLogs, `${name.toLowerCase()}.log`);
  try {
    await mkdir(keptLogs, { recursive: true });
    await writeFile(path, said);
    return ` (the whole log: ${path})`;
  } catch {
    return '';
  }
};

const end = async (run: Run, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  if (hasEnded(run)) return;
  run.child.kill(signal);
  // A paused process takes no SIGTERM before it continues. It is not continued for SIGKILL: it would answer meanwhile.
  if (signal === 'SIGTERM') run.child.kill('SIGCONT');
  const timer = setTimeout(() => run.child.kill('SIGKILL'), stopTimeoutMs);
  await run.ended;
  clearTimeout(timer);
};

/** Summarises from its log, in a sentence, the reason for which a server did not start. */
export const startFault = (name: string, log: string): string =>
  knownFault(name, log) ?? `${name} could not start: ${lastLine(log)}`;

const knownFault = (name: string, log: string): string | null => {
  if (/Address already in use|(address|port) is in use|is in use by another process/i.test(log))
    return `${name} could not start: its port was taken by another program meanwhile${portIn(log)}. Start again.`;
  if (/No space left on device/i.test(log))
    return `${name} could not start: the disk is full. Free some space, or set TMPDIR to a place that has it.`;
  if (/OutOfMemoryError|insufficient memory|Could not reserve enough space/i.test(log))
    return `${name} could not start: the machine has too little free memory. Kafka and Cassandra take 2 GB together.`;
  return null;
};

/** Finds the taken port in the log, in brackets; returns none where the line does not name it. */
const portIn = (log: string): string => {
  const line = log.split('\n').find((text) => /in use|Failed to bind/i.test(text)) ?? '';
  const port = /127\.0\.0\.1:(\d+)|\bport (\d+)/.exec(line);
  return port === null ? '' : ` (${port[1] ?? port[2]})`;
};

const lastLine = (log: string): string => {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const error = lines.findLast((line) => /\b(ERROR|FATAL|Exception|Error)\b/.test(line));
  return (error ?? lines.at(-1) ?? 'it said nothing').trim().slice(0, 300);
};
