import { Command, Option } from 'commander';
import { keyspaceName } from '../../functions/ingest/settings/cassandra.ts';
import { consumerGroupName } from '../../functions/ingest/settings/kafka.ts';
import type { ListingForm } from '../output/listing.ts';
import type { TargetOptions } from '../target/open-target.ts';
import { matchingText } from '../terminal/matching-text.ts';

/** The options that every operation has. */
export interface CommonOptions extends TargetOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
}

interface Operation {
  /** The command's name and arguments: `user <id>`. */
  readonly name: string;
  /** The sentences of its help. */
  readonly does: string;
  /** Command lines that show its use, without the program's name. */
  readonly examples: readonly string[];
  /** True where the result is a listing, which `--csv` writes too. */
  readonly lists?: boolean;
}

/**
 * Makes the command of an operation on a running pipeline, with the options that name the pipeline and the form of the result. An option
 * whose value is called `<file>` names a file: the function that runs operations gets it, and gives it back.
 */
export const operation = ({ name, does, examples, lists = false }: Operation): Command => {
  const command = new Command(name.split(' ')[0])
    .summary(does.replace(/(?<=[.:]) [\s\S]*$/, '').replace(/[.:]$/, ''))
    .description(does)
    .addOption(
      new Option('--stage <name>', 'the pipeline that this stage has deployed').conflicts([
        'local',
        'stack',
      ]),
    )
    .option('--stages <file>', 'the file that has the stage (default: cdk.json)')
    .addOption(
      new Option(
        '--stack <name>',
        'the pipeline of this stack of your own app; <stack>/<construct> if the stack has several',
      ).conflicts(['local', 'stages']),
    )
    .option(
      '--region <region>',
      'the region of AWS (default: that of the stage, or of the credentials)',
    )
    .addOption(
      new Option(
        '--via-function',
        'run the command inside the VPC, by a function of the stage that reaches the database',
      ).conflicts('local'),
    )
    .option('--local', 'the pipeline that npm start runs on this machine')
    .addOption(
      new Option(
        '--keyspace <name>',
        'the keyspace of the tables (default: the pipeline’s)',
      ).argParser(matchingText(keyspaceName)),
    )
    .addOption(
      new Option('--group <name>', 'the consumer group (default: the pipeline’s)').argParser(
        matchingText(consumerGroupName),
      ),
    )
    .addOption(new Option('--json', 'print JSON lines').conflicts('csv'))
    .addHelpText(
      'after',
      `\nExamples:\n${examples.map((one) => `  user-events ${one}`).join('\n')}`,
    );
  for (const argument of name.split(' ').slice(1)) command.argument(argument);
  if (lists) command.option('--csv', 'print CSV');
  return command;
};

/** Gives the options of a part of a command, and those that were given before the part's name. */
export const withParents = <T>(options: T, { parent }: Command): T => ({
  ...parent?.opts(),
  ...options,
});

/** Tells the form that the options ask for. */
export const formOf = ({ json = false, csv = false }: CommonOptions): ListingForm =>
  json ? 'json' : csv ? 'csv' : 'table';
