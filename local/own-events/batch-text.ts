import { wrap } from '../../cli/terminal/print.ts';
import type { HandledBatch, LoggedCounts } from './batch-log.ts';

const columns = 80;
const indent = '  ';

/** Writes an invocation as a line: the offsets of each partition, what became of the records, and the time it took. */
export const batchText = ({ report, counts, failure }: HandledBatch): string => {
  const offsets = report.partitions.map(
    ({ identifier, firstOffset, lastOffset }) =>
      `${identifier}@${firstOffset}${lastOffset === firstOffset ? '' : `–${lastOffset}`}`,
  );
  const became = counts === null ? 'FAILED as a whole' : countsText(counts);
  const attempt = report.attempt > 1 ? `, attempt ${report.attempt}` : '';
  const text = `${offsets.join(' ')}: ${became}; ${Math.round(report.durationMs)} ms${attempt}`;
  const why = failure === null ? [] : [`tried again, because ${failure}`];
  return [text, ...why]
    .map((line) => wrap(line, columns - indent.length).replaceAll('\n', `\n${indent}`))
    .join(`\n${indent}`);
};

/** Writes counts, those that are zero left out: `51 written, 2 late, 1 undecodable`. */
export const countsText = (counts: LoggedCounts): string => {
  const parts: [number, string][] = [
    [counts.written, 'written'],
    [counts.superseded, 'overwritten by a later event'],
    ...Object.entries(counts.rejected).map(([reason, count]): [number, string] => [count, reason]),
    [counts.dropped, 'late and dropped'],
    [counts.failed, 'FAILED'],
  ];
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${number(count)} ${what}`);
  const future = counts.future > 0 ? ` (${number(counts.future)} of the future)` : '';
  return `${said.join(', ') || 'no records'}${future}`;
};

/** Writes a line of the function's output that is not of a batch: its message and reason, without the other facts. */
export const functionText = (line: string): string => {
  try {
    const { level, message, reason } = JSON.parse(line);
    if (typeof message === 'string')
      return wrap(`${level}: ${message}${reason === undefined ? '' : `: ${reason}`}`, columns);
  } catch {
    // The line is not JSON, and is shown as it is.
  }
  return line;
};

const number = (value: number): string => value.toLocaleString('en');
