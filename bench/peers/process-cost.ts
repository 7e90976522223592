import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { peakMemory } from '../../local/peak-memory.ts';

/** The cost of a process so far, with all its threads. */
export interface ProcessCost {
  /** CPU-seconds, user and system together. */
  readonly cpuSeconds: number;
  /** The largest resident set, in bytes. */
  readonly memory: number;
}

/** The interval of sampling. A process may end at any moment; its cost after the last sample is not seen. */
const everyMs = 50;

/**
 * Samples a process until it has ended, or `stop` is called; gives the last sample.
 * @throws {UserFacingError} if there is no /proc.
 */
export const watchCost = (pid: number): { stop(): ProcessCost } => {
  if (!existsSync('/proc/self/stat'))
    throw new UserFacingError('Peers are measured through /proc, which only Linux has.');
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  let last: ProcessCost = { cpuSeconds: 0, memory: 0 };
  const look = (): void => {
    last = costOf(pid, ticks) ?? last;
  };
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(timer);
      look();
      return last;
    },
  };
};

/** Reads the cost of a process; null when it has ended. */
const costOf = (pid: number, ticks: number): ProcessCost | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name in brackets, may contain anything. utime and stime are the 14th and 15th (proc_pid_stat(5)).
    const [utime = '', stime = ''] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return { cpuSeconds: (Number(utime) + Number(stime)) / ticks, memory: peakMemory(pid) };
  } catch {
    return null;
  }
};
