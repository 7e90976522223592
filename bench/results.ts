import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, type } from 'node:os';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { BarPlot } from './plot.ts';

/** Where and when something was measured. */
const Origin = z.object({
  /** UTC, to the minute: ISO 8601. */
  date: z.iso.datetime(),
  /** Of the code that ran; with a plus where files had been changed since. */
  commit: z.string(),
  machine: z.string(),
  node: z.string(),
});

/** The table of `npm run bench`, as it is kept in a file, and what a reader must know of it. */
const Results = Origin.extend({
  /** Of the long run. */
  events: z.number(),
  /** Of the short run. */
  short: z.number(),
  batchSize: z.number(),
  rounds: z.number(),
  /** By the columns' names; null where the table is empty. */
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
});

export type Results = z.infer<typeof Results>;

/** @throws {z.ZodError} where the text is not that of results. */
export const parseResults = (text: string): Results => Results.parse(JSON.parse(text));

/** Here and now. */
export const originNow = async (): Promise<z.infer<typeof Origin>> => ({
  date: `${new Date().toISOString().slice(0, 16)}:00Z`,
  commit: await commit(),
  machine: `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, ${type()} ${arch()}`,
  node: process.version,
});

/** A printed table, its figures as numbers. */
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

/** The columns that are drawn. */
const drawn = {
  name: 'consumer',
  value: 'CPU-s / million',
  right: 'rows right',
} as const;

/** CPU by consumer, in the table's order. A consumer whose rows were wrong says so in its name. */
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
    // A copy of the code without its repository.
    return 'unknown';
  }
};
