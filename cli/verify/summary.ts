import type { Output } from '../output/output.ts';
import { table } from '../terminal/print.ts';
import { count, number } from '../terminal/words.ts';
import { type Attribution, type Cause, lengthOf } from './attribution.ts';
import type { Counts } from './counts.ts';
import { whys } from './decide.ts';
import type { Header } from './findings-file.ts';
import { confidenceText } from './sample.ts';

/** What a verification has come to. */
export interface Result {
  readonly header: Header;
  readonly counts: Counts;
  readonly attribution: Attribution;
  /** Sentences about what was not looked at, or not for sure. */
  readonly notes: readonly string[];
}

/** Sums the counts under the words of cassandra-diff. What only the tables have is not looked for: they do not list their rows by record. */
const diffCounts = (counts: Counts) => ({
  matched: counts.of('matched') + counts.of('superseded') + rejectedOf(counts),
  mismatched: counts.of('different'),
  only_in_source: counts.of('missing'),
  only_in_target: null,
  skipped:
    counts.of('kept') +
    counts.of('expired') +
    counts.of('cannot tell') +
    counts.of('waiting') +
    counts.of('not in the sample') +
    counts.of('unread'),
});

const rejectedOf = (counts: Counts): number =>
  [...counts.rejected().values()].reduce((sum, one) => sum + one, 0);

/** The records that were looked up. */
const lookedUp = (counts: Counts): number =>
  diffCounts(counts).matched +
  counts.of('different') +
  counts.of('missing') +
  counts.of('kept') +
  counts.of('expired') +
  counts.of('cannot tell');

/** Prints a result as one line for programs. */
export const printSummaryJson = (
  { print }: Output,
  { header, counts, attribution, notes }: Result,
): void =>
  print(
    JSON.stringify({
      type: 'summary',
      topic: header.topic,
      group: header.group,
      keyspace: header.keyspace,
      ...diffCounts(counts),
      counts: counts.toJSON(),
      causes: attribution
        .causes()
        .map(({ kind, why, detail, count: of, byPartition, byHour, examples }) => ({
          kind,
          why,
          detail,
          count: of,
          partitions: Object.fromEntries(byPartition),
          hours: Object.fromEntries(byHour),
          examples,
        })),
      notes,
    }),
  );

/** Prints a result for people. */
export const printSummary = (
  { print, tell }: Output,
  { header, counts, attribution, notes }: Result,
): void => {
  const rows: (readonly [string, number])[] = [
    ['matched: its row is as it must be', counts.of('matched')],
    ['superseded: its row holds another record', counts.of('superseded')],
    ...[...counts.rejected()]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([reason, of]): [string, number] => [`rejected: ${reason}`, of]),
    ['waiting, beyond the checkpoint (offsets)', counts.of('waiting')],
    ['kept in the on-failure destination', counts.of('kept')],
    ['expired, past a time to live: cannot be told', counts.of('expired')],
    ['cannot tell', counts.of('cannot tell')],
    ['gone from the topic (offsets)', counts.of('gone')],
    ['not in the sample', counts.of('not in the sample')],
    ['not read (offsets)', counts.of('unread')],
    ['different', counts.of('different')],
    ['missing', counts.of('missing')],
  ];
  const always = ['matched: its row is as it must be', 'different', 'missing'];
  print(
    table(
      [`topic ${header.topic}`, 'records'],
      rows
        .filter(([name, of]) => of > 0 || always.includes(name))
        .map(([name, of]) => [name, number(of)]),
      true,
    ),
  );
  for (const cause of attribution.causes().slice(0, mostCauses)) print(`\n${causeText(cause)}`);
  const more = attribution.causes().length - mostCauses;
  if (more > 0) print(`\n… and ${count(more, 'more cause')}.`);
  const { matched, mismatched, only_in_source: onlyInSource, skipped } = diffCounts(counts);
  tell('');
  tell(
    `Matched ${number(matched)}, mismatched ${number(mismatched)}, only in source ${number(onlyInSource)}, skipped ${number(skipped)}; ` +
      'only in target is not looked for.',
  );
  for (const note of notes) tell(note);
};

const mostCauses = 12;
const mostOfDimension = 4;

/** Tells what the findings of a cause have in common. */
const causeText = ({
  kind,
  why,
  detail,
  count: of,
  byPartition,
  byHour,
  examples,
  longest,
}: Cause): string =>
  [
    `${number(of)} ${kind}: ${why}${detail === '' ? '' : ` (${detail})`}`,
    `  partitions ${dimension(byPartition, of)}`,
    `  hours ${dimension(byHour, of)}`,
    lengthOf(longest) > 1
      ? `  offsets ${longest.partition}/${longest.first} to ${longest.last} in a row${lengthOf(longest) === of ? '' : `, and ${number(of - lengthOf(longest))} more`}`
      : `  such as ${examples.join(', ')}`,
  ].join('\n');

/** Lists the values that most findings have, with their shares. */
const dimension = (counts: ReadonlyMap<number | string, number>, of: number): string => {
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one);
  const named = sorted
    .slice(0, mostOfDimension)
    .map(([value, one]) => `${value} (${Math.round((100 * one) / of)} %)`);
  const more = sorted.length - named.length;
  return `${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
};

/** Lists the sentences about what was not looked at, or what the topic does not show. */
export const notesOf = (header: Header, counts: Counts, attribution: Attribution): string[] => {
  const notes: string[] = [];
  const gone = header.partitions.filter(({ begin, start }) => begin > 0 && start === begin);
  if (gone.length > 0 && header.again === undefined)
    notes.push(
      header.from === null
        ? `The topic has no records any more before its first offsets (${gone
            .map(({ partition, begin }) => `${partition}/${begin}`)
            .slice(0, 5)
            .join(', ')}${gone.length > 5 ? ', …' : ''}): what became of those is not told.`
        : `Not looked at: the topic begins after the time asked for in ${count(gone.length, 'partition')}. Its older records are gone.`,
    );
  if (counts.of('gone') > 0)
    notes.push(
      `${count(counts.of('gone'), 'offset')} in the range have no record any more (compaction or deletion): what became of those is not told.`,
    );
  if (counts.of('unread') > 0)
    notes.push(
      `Not looked at: ${count(counts.of('unread'), 'offset')} that the topic did not give.`,
    );
  if (counts.of('not looked at') > 0)
    notes.push(
      `Not looked at: ${count(counts.of('not looked at'), 'record')}, for the reasons above. Try them again by verify --again <file>.`,
    );
  if (counts.of('on trust') > 0)
    notes.push(
      `On trust: whether ${count(counts.of('on trust'), 'record')} were late, or what they say, the topic alone does not show. The tables have them, and were believed.`,
    );
  if (counts.of('superseded otherwise') > 0)
    notes.push(
      `${count(counts.of('superseded otherwise'), 'superseded record')} gave way to a record that does not stand behind them in their partition: of another partition, or written out of order.`,
    );
  const isPart = header.partitions.some(({ leadIn }) => leadIn > 0);
  if (isPart && attribution.causes().some(({ why }) => why === whys.otherValues))
    notes.push(
      'A record before the range, of another partition, may have the values of the rows that differ: verify the whole topic to be sure.',
    );
  if (header.sample < 1 && header.again === undefined)
    notes.push(confidenceText(counts.of('missing') + counts.of('different'), lookedUp(counts)));
  return notes;
};
