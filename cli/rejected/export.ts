import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Context, ExitCode } from '../operate/context.ts';
import { firstOf } from '../output/first-of.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count } from '../terminal/words.ts';
import type { FilterOptions } from './filter-options.ts';
import { beginLook } from './look.ts';
import { type RejectedRow, whole } from './row.ts';

export interface ExportOptions extends FilterOptions {
  readonly limit?: number;
  readonly out?: string;
}

/** Writes rejected records with their bytes, a line of JSON each. */
export const exportRejected = async (
  context: Context,
  options: ExportOptions,
): Promise<ExitCode> => {
  const { output, openTarget, signal } = context;
  const { limit = Number.POSITIVE_INFINITY, out } = options;
  await using target = await openTarget(options);
  const look = await beginLook(context, target, options, whole);
  let written = 0;
  const lines = firstOf(look.rows, limit, (row) => {
    written += 1;
    return exportLine(row);
  });
  if (out === undefined) for await (const line of lines) output.print(line);
  else await writeFile(out, lines, signal);
  output.tell(
    `${count(written, 'rejected record')} written${out === undefined ? '' : ` to ${out}`}` +
      `${written === limit ? '; there may be more (--limit)' : ''}.`,
  );
  return look.end();
};

/** Writes a row as a line of JSON: the offset in digits, times in ISO form, bytes in base64. */
const exportLine = (row: RejectedRow): string =>
  JSON.stringify({
    topic: row.topic,
    partition: row.partition,
    offset: String(row.offset),
    timestamp: isoOf(row.recordTimestamp),
    key: base64(row.key),
    value: base64(row.value),
    headers: row.headers.map(({ name, value }) => ({ name, value: base64(value) })),
    reason: row.reason,
    detail: row.detail,
    eventTime: isoOf(row.eventTime),
    watermark: isoOf(row.watermark),
    rejectedAt: isoOf(row.rejectedAt),
    rejectedDate: row.rejectedDate,
  });

const base64 = (bytes: Buffer | null): string | null => bytes?.toString('base64') ?? null;

const isoOf = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();

/** Writes lines to a new file, which its owner alone may read: it has what people did. @throws {UserFacingError} where it cannot be. */
const writeFile = async (
  file: string,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> => {
  try {
    await pipeline(
      async function* () {
        for await (const line of lines) yield `${line}\n`;
      },
      createWriteStream(file, { flags: 'wx', mode: 0o600 }),
      { signal },
    );
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UserFacingError(
      code === 'EEXIST'
        ? `There is a file ${file}: name another by --out, or remove it.`
        : `${file} cannot be written (${code}): name another file by --out.`,
      { cause: error },
    );
  }
};
