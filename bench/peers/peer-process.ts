import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import type { PeerCommand } from './peer.ts';
import { type ProcessCost, watchCost } from './process-cost.ts';

/** The cost of a process, from its start until its work was done. */
export interface Took extends ProcessCost {
  readonly seconds: number;
}

/** The time after which a run counts as hanging. */
const timeoutMs = 300_000;
/** The time that a peer has to end when it is asked to. */
const stopTimeoutMs = 10_000;

/**
 * Runs a peer until its work is done, and ends it.
 * @param done settles when everything is written; used only for a peer that does not end by itself.
 * @throws {UserFacingError} if the peer fails, or is not done within five minutes.
 */
export const runProcess = async (
  name: string,
  command: PeerCommand,
  done: (signal: AbortSignal) => Promise<void>,
): Promise<Took> => {
  const began = performance.now();
  const child = spawn(command.file, command.arguments, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...command.environment },
  });
  guardProcess(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-2_000);
    });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const cost = watchCost(child.pid ?? 0);
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeoutMs);
  try {
    const work = command.endsByItself ? new Promise<never>(() => {}) : done(over.signal);
    const end = await Promise.race([ended, work, aborted(over.signal)]);
    const taken = { ...cost.stop(), seconds: (performance.now() - began) / 1000 };
    if (over.signal.aborted)
      throw new UserFacingError(`${name} was not done within ${timeoutMs / 1000} s:\n${output}`);
    // A peer that should run on has failed, whatever its exit code.
    if (end !== undefined && !(command.endsByItself && end.code === 0))
      throw new UserFacingError(`${name} ended (${end.code ?? end.signal}):\n${output}`);
    return taken;
  } finally {
    clearTimeout(timer);
    over.abort();
    cost.stop();
    child.kill();
    const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await ended.catch(() => {});
    clearTimeout(kill);
  }
};

const aborted = async (signal: AbortSignal): Promise<undefined> => {
  await once(signal, 'abort');
};
