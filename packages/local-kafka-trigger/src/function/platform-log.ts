import { readFileSync } from 'node:fs';

/** What is measured of an invocation. */
export interface InvocationReport {
  readonly requestId: string;
  readonly durationMs: number;
  /** Set for the first invocation of an environment. */
  readonly initMs?: number;
  readonly memorySizeMb: number;
  /** The largest resident set of the process; `undefined` where the system does not tell. */
  readonly maxMemoryMb: number | undefined;
  readonly status?: 'timeout' | 'error';
}

/** Writes Lambda's line at the end of an invocation. The duration is billed up to the next millisecond, with that of the init. */
export const reportLine = (report: InvocationReport): string => {
  const { requestId, durationMs, initMs, memorySizeMb, maxMemoryMb, status } = report;
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memorySizeMb} MB`,
    `Max Memory Used: ${maxMemoryMb ?? '?'} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(status === undefined ? [] : [`Status: ${status}`]),
  ].join('\t');
};

/** Reads the largest resident set of a process so far, in MB; `undefined` on systems other than Linux. */
export const maxMemoryMb = (pid: number | undefined): number | undefined => {
  try {
    const [, kilobytes] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
};
