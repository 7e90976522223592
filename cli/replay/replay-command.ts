import { type Command, Option } from 'commander';
import { topicName } from '../kafka/topic-name.ts';
import { type CommonOptions, operation } from '../operate/operation.ts';
import { matchingText } from '../terminal/matching-text.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import { type From, fromOption } from './from-option.ts';

export interface ReplayOptions extends CommonOptions {
  readonly from: From;
  readonly partition?: number;
  readonly yes?: boolean;
  readonly disable?: boolean;
}

const mostPartition = 1_000_000;

/** The command that sets a consumer group back. */
export const replayCommand = (run: (options: ReplayOptions) => Promise<void>): Command =>
  operation({
    name: 'replay',
    does:
      'Sets the consumer group back, so that records are delivered and written again: every write is an upsert. Without --yes the command ' +
      'only tells what would be written again and by which watermark, and prints the commands of AWS and Kafka that do it. The event source ' +
      'mapping must be disabled meanwhile: --disable disables it, and enables it again.',
    examples: [
      'replay --from 2h',
      'replay --from 2026-11-29T12:00Z --stage prod --yes --disable',
      'replay --from 1000 --partition 0',
    ],
    lists: true,
  })
    .addOption(
      new Option('--topic <name>', 'the topic (default: the pipeline’s)').argParser(
        matchingText(topicName),
      ),
    )
    .addOption(
      new Option(
        '--from <time|offset>',
        'a time, by the Kafka timestamps of records: in UTC, or as a time ago; or with --partition an offset',
      )
        .argParser(fromOption)
        .makeOptionMandatory(),
    )
    .option('--partition <n>', 'this partition alone', wholeNumber(0, mostPartition))
    .option('--yes', 'set the group back')
    .option(
      '--disable',
      'with --yes: disable the event source mapping first, and enable it again at the end',
    )
    .action(run);
