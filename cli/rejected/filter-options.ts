import { type Command, InvalidArgumentError, Option } from 'commander';
import { reasons } from '../../functions/ingest/event/rejection.ts';
import { topicName } from '../kafka/topic-name.ts';
import type { CommonOptions } from '../operate/operation.ts';
import type { Target } from '../target/target.ts';
import { matchingText } from '../terminal/matching-text.ts';
import { checkOrder, timeOption } from '../terminal/time-option.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import type { RejectedFilter } from './filter.ts';
import { usualDaysBefore } from './places.ts';

/** The options that say which rejected records are meant. */
export interface FilterOptions extends CommonOptions {
  readonly reason?: readonly string[];
  readonly detail?: string;
  readonly since?: number;
  readonly until?: number;
  readonly partition?: readonly number[];
  readonly offset?: OffsetRange;
  readonly daysBefore?: number;
  readonly all?: boolean;
}

const dayMs = 86_400_000;
const usualDays = 7;

/** Adds the options that say which rejected records are meant. */
export const withFilter = (command: Command): Command =>
  command
    .addOption(
      new Option('--topic <name>', 'the topic (default: the pipeline’s)').argParser(
        matchingText(topicName),
      ),
    )
    .option(
      '--reason <reasons>',
      `only these reasons, with commas between: ${reasons.join(', ')}`,
      reasonList,
    )
    .option(
      '--detail <text>',
      'only records whose detail has this text; the detail of a group also fits',
    )
    .option(
      '--since <time>',
      `the first time of rejection: in UTC, or as a time ago (default: ${usualDays} days ago; with --all any)`,
      (text) => timeOption(text),
    )
    .option('--until <time>', 'the last time of rejection', (text) => timeOption(text))
    .option('--partition <numbers>', 'only these partitions, with commas between', partitionList)
    .option(
      '--offset <offsets>',
      'only this offset, or a range of offsets such as 100-200',
      offsetRange,
    )
    .option(
      '--days-before <n>',
      `also read records whose Kafka timestamp is up to this many days before --since (default: ${usualDaysBefore})`,
      wholeNumber(0, 10_000),
    )
    .option('--all', 'read the whole table, in no order: records with any Kafka timestamp');

/**
 * Makes the filter of the options.
 * @param target has the topic that is meant unless another one is named.
 * @throws {UserFacingError} where its times contradict each other.
 */
export const filterOf = (
  options: FilterOptions,
  { topic }: Pick<Target, 'topic'>,
  now: number = Date.now(),
): RejectedFilter => {
  const { since = options.all ? undefined : now - usualDays * dayMs, until } = options;
  checkOrder(since ?? Number.NEGATIVE_INFINITY, until ?? now, '--since must be before --until');
  return {
    topic: options.topic ?? topic ?? undefined,
    partitions: options.partition,
    offsets: options.offset,
    reasons: options.reason,
    detail: options.detail,
    since,
    until,
  };
};

/** The first and the last offset. */
interface OffsetRange {
  readonly from: bigint;
  readonly to: bigint;
}

const offsetRange = (text: string): OffsetRange => {
  const [, from = '', to = from] = /^(\d{1,19})(?:-(\d{1,19}))?$/.exec(text) ?? [];
  if (from === '' || BigInt(to) < BigInt(from))
    throw new InvalidArgumentError('It must be an offset, or two with a hyphen between: 100-200.');
  return { from: BigInt(from), to: BigInt(to) };
};

const reasonList = (text: string): string[] => {
  const given = text.split(',').map((one) => one.trim());
  const unknown = given.filter((one) => !(reasons as readonly string[]).includes(one));
  if (unknown.length > 0) throw new InvalidArgumentError(`The reasons are ${reasons.join(', ')}.`);
  return given;
};

const partitionList = (text: string): number[] =>
  text.split(',').map(wholeNumber(0, 2_147_483_647));
