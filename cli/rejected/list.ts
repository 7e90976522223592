import type { Context, ExitCode } from '../operate/context.ts';
import { formOf } from '../operate/operation.ts';
import { firstOf } from '../output/first-of.ts';
import { printListing } from '../output/listing.ts';
import { count } from '../terminal/words.ts';
import type { FilterOptions } from './filter-options.ts';
import { beginLook } from './look.ts';
import { nameOfRow, type RejectedSummary, summary } from './row.ts';

export interface ListOptions extends FilterOptions {
  readonly limit?: number;
}

export const usualLimit = 100;

/** Lists rejected records. */
export const listRejected = async (context: Context, options: ListOptions): Promise<ExitCode> => {
  const { output, openTarget } = context;
  const { limit = usualLimit } = options;
  await using target = await openTarget(options);
  const look = await beginLook(context, target, options, summary);
  const printed = await printListing(output, firstOf(look.rows, limit, listed), {
    form: formOf(options),
    columns: [...shown, ...hidden],
    hidden,
  });
  output.tell(
    `${count(printed, 'rejected record')}${printed === limit ? '; there may be more (--limit)' : ''}.`,
  );
  return look.end();
};

const shown = ['record', 'reason', 'detail', 'rejected_at'];
const hidden = [
  ...['topic', 'partition', 'offset', 'rejected_date'],
  ...['event_time', 'watermark', 'record_timestamp'],
];

const listed = (row: RejectedSummary): Record<string, unknown> => ({
  record: nameOfRow(row),
  reason: row.reason,
  detail: row.detail,
  rejected_at: dateOf(row.rejectedAt),
  topic: row.topic,
  partition: row.partition,
  offset: row.offset,
  rejected_date: row.rejectedDate,
  event_time: dateOf(row.eventTime),
  watermark: dateOf(row.watermark),
  record_timestamp: dateOf(row.recordTimestamp),
});

const dateOf = (time: number | null): Date | null => (time === null ? null : new Date(time));
