import type { Context, ExitCode } from '../operate/context.ts';
import { formOf } from '../operate/operation.ts';
import { printListing } from '../output/listing.ts';
import { count } from '../terminal/words.ts';
import type { FilterOptions } from './filter-options.ts';
import { groupRejected, partitionsText } from './groups.ts';
import { beginLook } from './look.ts';
import { summary } from './row.ts';

/** Groups the rejected records by their causes. */
export const rejected = async (context: Context, options: FilterOptions): Promise<ExitCode> => {
  const { output, openTarget } = context;
  await using target = await openTarget(options);
  const look = await beginLook(context, target, options, summary);
  const groups = await groupRejected(look.rows);
  const records = groups.reduce((sum, group) => sum + group.count, 0);
  await printListing(
    output,
    groups.map(({ reason, detail, count: times, first, last, partitions, example }) => ({
      reason,
      detail,
      count: times,
      first_seen: new Date(first),
      last_seen: new Date(last),
      partitions: partitionsText(partitions),
      example,
    })),
    {
      form: formOf(options),
      columns: ['reason', 'detail', 'count', 'first_seen', 'last_seen', 'partitions', 'example'],
    },
  );
  output.tell(
    records === 0
      ? 'No record was rejected.'
      : `${count(records, 'rejected record')} of ${count(groups.length, 'cause')}. One of them: user-events rejected show ${groups[0]?.example}`,
  );
  return look.end();
};
