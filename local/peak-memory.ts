import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Reads the largest resident set of a running process, in bytes; without /proc, its present resident set.
 * `process.resourceUsage().maxRSS` does not serve: it begins with the parent's value at the start of the process, which fork(2)
 * hands on and execve(2) keeps. VmHWM is that of the program alone: proc_pid_status(5).
 * @throws where there is no such process.
 */
export const peakMemory = (pid: number): number => {
  const kibibytes = existsSync('/proc/self/status')
    ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' }).trim();
  if (kibibytes === undefined) throw new Error(`process ${pid} has ended`);
  return Number(kibibytes) * 1024;
};
