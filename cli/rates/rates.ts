import { type Command, InvalidArgumentError, Option } from 'commander';
import { reasons } from '../../functions/ingest/event/rejection.ts';
import { topicName } from '../kafka/topic-name.ts';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf, operation } from '../operate/operation.ts';
import { printListing } from '../output/listing.ts';
import { matchingText } from '../terminal/matching-text.ts';
import { shortTime } from '../terminal/print.ts';
import { lengthOfTime } from '../terminal/time-option.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count } from '../terminal/words.ts';
import { countRates } from './count-rates.ts';

interface RatesOptions extends CommonOptions {
  readonly topic?: string;
  readonly last: number;
  readonly every?: number;
}

/** The most intervals: each is a question to the brokers. */
const mostIntervals = 500;
const usualIntervals = 30;
const longest = 7 * 86_400_000;

/** The command that counts what came and what was rejected. */
export const ratesCommand = (run: (options: RatesOptions) => Promise<void>): Command =>
  operation({
    name: 'rates',
    does:
      'Counts what came and what was rejected, interval by interval: the records of the topic by their Kafka timestamps, and rejected ones by ' +
      'reason and by the time of rejection.',
    examples: ['rates --last 15m', 'rates --last 7d --every 6h --csv'],
    lists: true,
  })
    .addOption(
      new Option('--topic <name>', 'the topic (default: the pipeline’s)').argParser(
        matchingText(topicName),
      ),
    )
    .addOption(
      new Option('--last <time>', 'how far back to look, up to 7d')
        .argParser(atMost(longest))
        .default(900_000, '15m'),
    )
    .option(
      '--every <time>',
      'the length of an interval (default: a thirtieth of --last)',
      lengthOfTime,
    )
    .action(run);

const columns = ['from', 'produced', ...reasons];

/** Writes the name of a reason in words, which a narrow column breaks. */
const wordsOf = (reason: string): string => reason.replaceAll('_', ' ');

const forPeople = ({ from, ...counts }: { readonly from: Date }): Record<string, unknown> => ({
  from: shortTime(from),
  ...Object.fromEntries(Object.entries(counts).map(([name, value]) => [wordsOf(name), value])),
});

/** Counts what came and what was rejected. */
export const rates = async (
  { output, openTarget, signal }: Context,
  options: RatesOptions,
): Promise<ExitCode> => {
  const { last, every = Math.max(1_000, Math.ceil(last / usualIntervals)) } = options;
  if (every < 1_000 || last / every > mostIntervals)
    throw new UserFacingError(
      `--every must be a second or more, and a ${mostIntervals}th of --last or more.`,
    );
  await using target = await openTarget(options);
  const topic = options.topic ?? target.topic;
  if (topic === null) throw new UserFacingError('Name the topic by --topic.');
  const to = Date.now();
  const found = await countRates(target, topic, { from: to - last, to, every }, signal);
  const rows = found.rates.map(({ from, produced, rejected }) => ({
    from: new Date(from),
    produced,
    ...Object.fromEntries(reasons.map((reason) => [reason, rejected[reason] ?? 0])),
  }));
  const seen = reasons.filter((reason) => found.rates.some(({ rejected }) => rejected[reason]));
  const form = formOf(options);
  await printListing(output, form === 'table' ? rows.map(forPeople) : rows, {
    form,
    columns: form === 'table' ? ['from', 'produced', ...seen.map(wordsOf)] : columns,
    numbers: true,
  });
  if (found.unknown !== null) output.tell(`What was produced is not known: ${found.unknown}`);
  if (found.unread > 0)
    output.tell(`${count(found.unread, 'part')} of rejected_events could not be read.`);
  return found.unknown === null && found.unread === 0 ? exitCodes.fine : exitCodes.incomplete;
};

function atMost(most: number) {
  return (text: string): number => {
    const time = lengthOfTime(text);
    if (time > most || time === 0) throw new InvalidArgumentError('It must be 1s to 7d.');
    return time;
  };
}
