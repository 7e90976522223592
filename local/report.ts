import type { EventSourceMapping } from 'local-kafka-trigger';
import { isoTime, print, table, verdict } from '../cli/terminal/print.ts';
import type { Progress } from '../cli/terminal/progress.ts';
import { count, number } from '../cli/terminal/words.ts';
import { agrees, type TableComparison } from './dataset/comparison.ts';
import type { ExpectedTables } from './dataset/expected-tables.ts';
import { userDay } from './dataset/user-day.ts';
import type { FunctionCounts } from './function-counts.ts';
import type { Keyspace } from './keyspace.ts';

export interface Report {
  readonly expectedTables: ExpectedTables;
  readonly tables: readonly TableComparison[];
  readonly counts: FunctionCounts;
  readonly mapping: ReturnType<EventSourceMapping['counts']>;
  readonly progress: Progress;
  readonly keyspace: Keyspace;
}

/** Prints the report at the end of a run: the work done, the rows found and expected, and the positions of the partitions. */
export const printReport = async (report: Report): Promise<void> => {
  const { expectedTables, tables, keyspace, mapping, progress } = report;
  const { produced, handled } = progress.rates();
  print(
    `\nProduced ${number(produced)} events a second, handled ${number(handled)} a second, in ` +
      `${count(mapping.invocations, 'invocation')}.\n`,
  );
  print(records(report));
  print('');
  print(
    table(
      ['table', 'must be', 'found', 'missing', 'unexpected', 'different', ''],
      tables.map((one) => [
        one.table,
        ...[one.expected, one.found, one.missing, one.unexpected, one.different].map(number),
        verdict(agrees(one), agrees(one) ? 'agrees' : 'WRONG'),
      ]),
      true,
    ),
  );
  for (const { table: name, examples } of tables)
    for (const example of examples) print(`${name}: ${example}`);
  print('');
  print(
    table(
      ['partition', 'next offset', 'largest event time', 'watermark'],
      expectedTables.partitions.map(({ nextOffset, max }, partition) => [
        String(partition),
        number(nextOffset),
        isoTime(max),
        isoTime(max === null ? null : max - keyspace.config.outOfOrdernessMs),
      ]),
      true,
    ),
  );
  print('');
  print(await userDay(keyspace));
  print(
    tables.every(agrees)
      ? `\n${verdict(true, 'All rows are as they must be.')}`
      : `\n${verdict(false, 'Some rows are NOT as they must be')}: see the tables above.`,
  );
};

/** Draws the table of the records' results. */
const records = ({ expectedTables, tables, counts, mapping }: Report): string => {
  const { produced, others, onTime, future, collisions, rejected } = expectedTables.counts;
  const found = tables.find(({ table: name }) => name === 'rejected_events')?.reasons;
  const { written, superseded } = counts;
  return table(
    ['records', 'must be', 'the function said', 'found'],
    [
      ['produced', number(produced), '', ''],
      ['on time', number(onTime), number(written + superseded), ''],
      ['  in the future', number(future), number(counts.future), ''],
      [
        '  overwritten by a later event',
        number(collisions),
        `${number(superseded)} in one batch`,
        '',
      ],
      ...Object.entries(rejected).map(([reason, count]) => [
        reason === 'late' ? 'late' : `rejected: ${reason}`,
        number(count),
        number(counts.rejected.get(reason) ?? 0),
        number(found?.get(reason) ?? 0),
      ]),
      ['retried', '', number(mapping.retriedRecords), ''],
      ...(others === 0
        ? []
        : [['of others, in no number above but the function’s', number(others), '', '']]),
    ],
    true,
  );
};

/** Makes the report for programs: records, tables and partitions, with the verdict. */
export const reportJson = ({
  expectedTables,
  tables,
  counts,
  mapping,
  progress,
}: Report): object => ({
  right: tables.every(agrees),
  perSecond: progress.rates(),
  mapping,
  mustBe: expectedTables.counts,
  functionSaid: { ...counts, rejected: Object.fromEntries(counts.rejected) },
  tables: tables.map((one) => ({
    ...one,
    agrees: agrees(one),
    reasons: Object.fromEntries(one.reasons),
  })),
  partitions: expectedTables.partitions.map(({ nextOffset, max }, partition) => ({
    partition,
    nextOffset,
    maxEventTime: max === null ? null : isoTime(max),
  })),
});

/** Prints the function's newest complaints, after a failed run. */
export const printComplaints = (lines: readonly string[], print: (text: string) => void): void => {
  if (lines.length > 0) print(`\nThe function's last words:\n${lines.join('\n')}`);
};
