import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalError } from '../local-error.ts';
import { guardProcess } from './watchdog.ts';

/** A server in a process of its own, that can be ended and begun again on the same data. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** SIGSTOP: it keeps its connections and answers nothing. */
  pause(): void;
  resume(): void;
  /** SIGKILL, and waits until it has ended. */
  kill(): Promise<void>;
  /** Begins it again after a kill, and waits until it is ready. */
  restart(): Promise<void>;
}

export interface ServerCommand {
  /** For messages: `Kafka`. */
  readonly name: string;
  readonly java: string;
  readonly arguments: readonly string[];
  /** A file that its output is appended to. */
  readonly log: string;
  /** Settles when the server answers; tried again until it does. */
  readonly ready: () => Promise<void>;
}

const startTimeoutMs = 120_000;
const pauseBetweenTriesMs = 100;
const stopTimeoutMs = 15_000;

/** @throws {LocalError} where it ends, or is not ready in time; the sentence is made from its log. */
export const startServer = async (command: ServerCommand): Promise<ServerProcess> => {
  let child = begin(command);
  try {
    await untilReady(child, command);
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
  return {
    get pid() {
      return child.pid ?? 0;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, 'SIGKILL');
      child = begin(command);
      await untilReady(child, command);
    },
    [Symbol.asyncDispose]: () => end(child, 'SIGTERM'),
  };
};

const begin = ({ java, arguments: args, log }: ServerCommand): ChildProcess => {
  const output = openSync(log, 'a');
  // A process group of its own: a terminal's Ctrl-C ends this program, which then ends the server in order.
  const child = spawn(java, args, { stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  guardProcess(child);
  return child;
};

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

const untilReady = async (child: ChildProcess, command: ServerCommand): Promise<void> => {
  const { name, log, ready } = command;
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    if (hasEnded(child)) throw new LocalError(startFault(name, readFileSync(log, 'utf8')));
    try {
      await ready();
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new LocalError(
          `${name} did not answer within ${startTimeoutMs / 1000} s of its start. Is the machine very busy? The last ` +
            `of its log: ${lastLine(readFileSync(log, 'utf8'))}`,
          { cause: error },
        );
    }
    await delay(pauseBetweenTriesMs);
  }
};

const end = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  // A paused process sees nothing but SIGKILL before it continues.
  child.kill('SIGCONT');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
};

/** Why a server ended while it started, in a sentence, from its log. */
export const startFault = (name: string, log: string): string => {
  if (/Address already in use|address is in use/i.test(log))
    return `${name} could not start: its port was taken by another program meanwhile. Start again.`;
  if (/No space left on device/i.test(log))
    return `${name} could not start: the disk is full. Free some space, or set TMPDIR to a place that has it.`;
  if (/OutOfMemoryError|insufficient memory|Could not reserve enough space/i.test(log))
    return `${name} could not start: the machine has too little free memory. Kafka and Cassandra take 2 GB together.`;
  return `${name} could not start: ${lastLine(log)}`;
};

const lastLine = (log: string): string => {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const error = lines.findLast((line) => /\b(ERROR|FATAL|Exception|Error)\b/.test(line));
  return (error ?? lines.at(-1) ?? 'it said nothing').trim().slice(0, 300);
};
