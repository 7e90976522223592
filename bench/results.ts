import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, type } from 'node:os';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { BarPlot } from './plot.ts';

/** The place and time of a measurement. */
const Origin = z.object({
  /** The time in UTC, to the minute, in ISO 8601. */
  date: z.iso.datetime(),
  /** The commit of the code that ran, with a plus if files had been changed since. */
  commit: z.string(),
  machine: z.string(),
  node: z.string(),
});

/** The table of `npm run bench` as it is kept in a file, with the conditions of the measurement. */
const Results = Origin.extend({
  /** The events of the long run. */
  events: z.number(),
  /** The events of the short run. */
  short: z.number(),
  batchSize: z.number(),
  rounds: z.number(),
  /** The rows, each by the names of the columns; null for an empty cell. */
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
});

export type Results = z.infer<typeof Results>;

/** Reads the results from their text. @throws {z.ZodError} if it is no text of results. */
export const parseResults = (text: string): Results => Results.parse(JSON.parse(text));

/** Gives this place and time. */
export const originNow = async (): Promise<z.infer<typeof Origin>> => ({
  date: `${new Date().toISOString().slice(0, 16)}:00Z`,
  commit: await commit(),
  machine: `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, ${type()} ${arch()}`,
  node: process.version,
});

/** Makes results from a printed table: its figures become numbers. */
export const toResults = (
  about: Omit<Results, 'rows'>,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Results => ({
  ...about,
  rows: rows.map((row) =>
    Object.fromEntries(head.map((column, index) => [column, toCell(row[index] ?? '')])),
  ),
});

/** The columns of the drawing. */
const drawn = {
  name: 'consumer',
  value: 'CPU-s / million',
  right: 'rows right',
} as const;

/** Makes the chart of CPU by consumer, in the table's order. The name of a consumer with wrong rows says so. */
export const cpuPlot = (results: Results): BarPlot => {
  const { date, commit, machine, node, events, rounds, rows } = results;
  const runs = rounds === 1 ? 'one round' : `median of ${rounds} rounds`;
  return {
    title: 'CPU-seconds a million events',
    subtitle: [
      `${date.slice(0, 10)}, commit ${commit}, ${runs} of ${events.toLocaleString('en')} events`,
      `${machine}, Node ${node.slice(1)}`,
    ],
    unit: 'CPU-seconds of the consuming process a million further events; less is better',
    bars: rows.map((row) => {
      const { [drawn.name]: name, [drawn.value]: value, [drawn.right]: right } = row;
      if (typeof name !== 'string' || typeof value !== 'number')
        throw new Error(`a row without ${drawn.name} or ${drawn.value}: ${JSON.stringify(row)}`);
      return { name: `${right}`.startsWith('no') ? `${name} (rows wrong)` : name, value };
    }),
  };
};

const toCell = (text: string): string | number | null => {
  if (text === '') return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
};

const commit = async (): Promise<string> => {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: import.meta.dirname })).stdout.trim();
  try {
    const changed = await git('status', '--porcelain', '--untracked-files=no');
    return `${await git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`;
  } catch {
    // The code is a copy without its repository.
    return 'unknown';
  }
};
