import { type Command, Option } from 'commander';
import { topicName } from '../kafka/topic-name.ts';
import { type CommonOptions, operation } from '../operate/operation.ts';
import { matchingText } from '../terminal/matching-text.ts';
import { timeOption } from '../terminal/time-option.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import { shareOption } from './sample.ts';

export interface VerifyOptions extends CommonOptions {
  readonly from?: number;
  readonly to?: number;
  readonly last?: number;
  readonly sample: number;
  readonly settingsSince?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly again?: string;
  readonly onFailure?: string | true;
  readonly rate: number;
}

/** The options that say what is looked at. */
const ranges = ['from', 'to', 'last', 'sample', 'settingsSince'];

/** The command that compares a topic with the tables. */
export const verifyCommand = (run: (options: VerifyOptions) => Promise<void>): Command =>
  operation({
    name: 'verify',
    does:
      'Reads the topic again, and looks up in the tables what has become of each record. What must be there is decided by rules of its own, ' +
      'and not by the function’s code. The command writes nothing but its own file.\n\n' +
      'Exit codes: 0 nothing is missing or different; 1 something is; 2 not everything could be looked at: reads failed, a schema registry ' +
      'did not answer, or the topic no longer had all records that were asked for. Records that wait, have expired or are kept in the ' +
      'on-failure destination, and what the topic cannot tell, are counted and change no exit code.',
    examples: [
      'verify --topic user-events --last 1h',
      'verify --stage prod --sample 1% --on-failure',
      'verify --topic user-events --from 2026-11-28 --to 2026-11-29 --out found.jsonl',
      'verify --resume found.jsonl',
      'verify --again found.jsonl',
    ],
  })
    .addOption(
      new Option('--topic <name>', 'the topic (default: the pipeline’s)').argParser(
        matchingText(topicName),
      ),
    )
    .option('--from <time>', 'only records with this Kafka timestamp, or a later one', (text) =>
      timeOption(text),
    )
    .option('--to <time>', 'only records with an earlier Kafka timestamp', (text) =>
      timeOption(text),
    )
    .addOption(
      new Option('--last <length>', 'only records of this time: 90m, 1h, 7d')
        .conflicts(['from', 'to'])
        .argParser((text) => timeOption(text)),
    )
    .addOption(
      new Option(
        '--sample <share>',
        'look up this share of the records, such as 1%; the topic is read in full',
      )
        .argParser(shareOption)
        .default(1, '100%'),
    )
    .option(
      '--settings-since <time>',
      'the time of the last change of the pipeline’s settings: what depends on them is not judged for earlier records',
      (text) => timeOption(text),
    )
    .option(
      '--out <file>',
      'write each finding into this file, for redrive and for --again; it can be resumed',
    )
    .addOption(
      new Option('--resume <file>', 'go on with an unfinished file').conflicts([
        ...ranges,
        'out',
        'again',
      ]),
    )
    .addOption(
      new Option('--again <file>', 'look at the findings of a file alone').conflicts(ranges),
    )
    .option(
      '--on-failure [place]',
      'also look into the on-failure destination: a folder, s3://<bucket>/<prefix>, the https:// address of a queue, or kafka://<topic> ' +
        '(default: the pipeline’s). Meanwhile a queue’s messages are hidden from others',
    )
    .option(
      '--rate <n>',
      'the most reads of the database a second',
      wholeNumber(1, 1_000_000),
      2_000,
    )
    .action(run);
