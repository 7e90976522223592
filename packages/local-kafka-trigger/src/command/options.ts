import { Command, InvalidArgumentError, Option } from 'commander';
import { defined } from '../defined.ts';
import type { EventSourceMappingOptions } from '../event-source-mapping.ts';
import { type FaultKind, type FaultSwitches, faultKinds } from '../faults/faults.ts';
import type { FunctionOptions } from '../function/options.ts';
import { kafkaConnection, loginVariables } from '../kafka/kafka-connection.ts';
import type { StartingPosition } from '../mapping/options.ts';
import { readTemplate } from '../template/read-template.ts';
import { TriggerError } from '../trigger-error.ts';

/** What the command line asks for. */
export interface CommandOptions {
  readonly mapping: Omit<EventSourceMappingOptions, 'function' | 'invoke'>;
  readonly function: FunctionOptions;
  /** What was not resolved of the template, a sentence each. */
  readonly notes: readonly string[];
  readonly untilEnd: boolean;
  readonly json: boolean;
}

interface Given
  extends Partial<Pick<CommandOptions, 'untilEnd' | 'json'>>,
    Pick<FunctionOptions, 'handler' | 'inspect'>,
    Pick<
      EventSourceMappingOptions,
      'batchSize' | 'provisioned' | 'concurrency' | 'partialFailures' | 'nulls'
    > {
  readonly template?: string;
  readonly function?: string;
  readonly command?: string;
  readonly code?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly memory?: number;
  readonly topic?: string;
  readonly brokers?: string;
  readonly group?: string;
  readonly sourceArn?: string;
  readonly window?: number;
  readonly retries?: number;
  readonly maxAge?: number;
  readonly metadataMaxAge?: number;
  readonly bisect?: true;
  readonly partialResponses?: boolean;
  readonly onFailure?: string;
  readonly start?: StartingPosition | Date;
  readonly fault?: FaultSwitches;
  readonly freezeSeconds?: number;
}

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('It must be a number.');
  return value;
};

const variable = (text: string, before: Readonly<Record<string, string>> = {}) => {
  const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It must be NAME=VALUE.');
  return { ...before, [name]: value };
};

const fault = (text: string, before: FaultSwitches = {}): FaultSwitches => {
  const [kind = '', every = '1'] = text.split('=');
  if (!(kind in faultKinds) || !(number(every) >= 1))
    throw new InvalidArgumentError(
      `It must be one of ${Object.keys(faultKinds).join(', ')}, or one with =N.`,
    );
  return { ...before, [kind as FaultKind]: number(every) };
};

const position = (text: string): StartingPosition | Date => {
  if (text === 'TRIM_HORIZON' || text === 'LATEST') return text;
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError(
      'It must be TRIM_HORIZON, LATEST or a time such as 2026-11-29T12:00Z.',
    );
  return time;
};

const examples = `
Examples:
  local-kafka-trigger --handler dist/index.handler --topic orders --brokers 127.0.0.1:9092
  local-kafka-trigger --template cdk.out/Orders.template.json --brokers 127.0.0.1:9092
  local-kafka-trigger --handler dist/index.handler --topic orders --inspect
  local-kafka-trigger --command 'python3 runtime.py' --topic orders --fault duplicate=10

Variables:
${loginVariables}
  AWS_*           are handed on to the function; AWS_ENDPOINT_URL names another S3 and SQS`;

const program = (): Command =>
  new Command('local-kafka-trigger')
    .description(
      "Runs a function on a real topic, as Lambda's Kafka event source mapping does. An option that is left out is as in the template, or else as on AWS.",
    )
    .addHelpText('after', examples)
    .optionsGroup('The function:')
    .option('--handler <module.export>', 'the handler, as Lambda has it: dist/index.handler')
    .option('--command <line>', 'a program that speaks the Runtime API, in place of a handler')
    .option('--template <file>', 'read the function and the mapping from a template of cdk synth')
    .option('--function <id>', 'the function’s logical id, where the template has several mappings')
    .option('--code <folder>', 'the folder of the code')
    .option('--env <NAME=VALUE>', 'a variable of the function; may be repeated', variable)
    .option('--timeout <seconds>', 'the time of an invocation (default: 3)', number)
    .option(
      '--memory <MB>',
      'the memory size in the function’s variables; not enforced (default: 128)',
      number,
    )
    .addOption(
      new Option('--inspect [port]', 'wait for a debugger; no timeout passes meanwhile')
        .preset('9229')
        .argParser(number),
    )
    .optionsGroup('The topic:')
    .option('--topic <name>', 'the topic')
    .option(
      '--brokers <host:port,…>',
      'the brokers (default: the variable KAFKA_BOOTSTRAP_SERVERS)',
    )
    .option('--group <name>', 'the consumer group (default: a new one)')
    .option(
      '--start <position>',
      'where a group without a commit begins: TRIM_HORIZON (default), LATEST, or a time',
      position,
    )
    .option(
      '--source-arn <arn>',
      'the MSK cluster that the event names (default: none, as with self-managed Kafka)',
    )
    .optionsGroup('The mapping:')
    .option('--batch-size <records>', 'the largest batch (default: 100)', number)
    .option('--window <seconds>', 'the batching window (default: 0.5)', number)
    .option(
      '--retries <count>',
      'the retries of a batch (default: -1, without end; ten with --on-failure)',
      number,
    )
    .option(
      '--max-age <seconds>',
      'the age at which a record is given up (default: -1, never)',
      number,
    )
    .option('--bisect', 'retry a batch in halves after an error')
    .option(
      '--on-failure <place>',
      'keep what is given up: a folder, s3://bucket, or a queue of SQS',
    )
    .option(
      '--partial-responses',
      'read the response’s batchItemFailures (default in provisioned mode)',
    )
    .option('--no-partial-responses', 'do not read them')
    .option(
      '--no-provisioned',
      'use on-demand mode, in which AWS refuses retries, age, bisect and partial responses',
    )
    .optionsGroup('What AWS does not document:')
    .option('--concurrency <count>', 'concurrent invocations, 1 to 5 (default: 1)', number)
    .addOption(
      new Option(
        '--partial-failures <reading>',
        'which records of a partition come again after a partial failure (default: failed-only)',
      ).choices(['failed-only', 'from-lowest']),
    )
    .option(
      '--metadata-max-age <seconds>',
      'the time within which partitions that are added to the topic are read (default: 30)',
      number,
    )
    .addOption(
      new Option('--nulls <form>', 'the form of a null key or value (default: absent)').choices([
        'absent',
        'null',
      ]),
    )
    .optionsGroup('Faults:')
    .option(
      '--fault <kind[=N]>',
      `strike every Nth invocation; may be repeated:\n${Object.entries(faultKinds)
        .map(([kind, does]) => `${kind}: ${does}`)
        .join('\n')}`,
      fault,
    )
    .option('--freeze-seconds <seconds>', 'the length of a freeze (default: 5)', number)
    .optionsGroup('The run:')
    .option('--until-end', 'end when all that the topic has now is committed')
    .option('--json', 'print each line as a JSON object');

/** Reads the command line. It ends the process for --help and for what it does not know. @throws {TriggerError} */
export const parseOptions = (argv: readonly string[]): CommandOptions => {
  const options: Given = program()
    .allowExcessArguments(false)
    .parse([...argv])
    .opts();
  const { template: path, command, start } = options;
  if (options.untilEnd && options.fault?.['lost-commit'] !== undefined)
    throw new TriggerError(
      '--until-end waits for the last commit, which --fault lost-commit may lose: leave out one of them.',
    );
  const template = path === undefined ? undefined : readTemplate(path, options.function);
  const own = defined({
    handler: options.handler,
    command: command === undefined ? undefined : ['sh', '-c', `exec ${command}`],
  });
  const { handler, command: _, codeFolder, ...configuration } = template?.function ?? {};
  // A handler or a program of the command line stands for the template's code, and not beside it.
  const code =
    Object.keys(own).length > 0
      ? own
      : defined({ handler, command: template?.function.command, codeFolder });
  const topic = options.topic ?? template?.mapping.topic;
  if (topic === undefined) throw new TriggerError('The topic must be named by --topic.');
  const connection = kafkaConnection({
    ...process.env,
    KAFKA_BOOTSTRAP_SERVERS:
      options.brokers ??
      process.env['KAFKA_BOOTSTRAP_SERVERS'] ??
      [template?.mapping.brokers ?? []].flat().join(','),
  });
  const {
    brokers: __,
    startingPosition,
    startingPositionTimestamp,
    ...ofTemplate
  } = template?.mapping ?? {};
  const bootstrapServers = connection.bootstrapServers.join(',');
  const source =
    options.sourceArn === undefined
      ? ofTemplate.source && { ...ofTemplate.source, bootstrapServers }
      : { kind: 'msk' as const, eventSourceArn: options.sourceArn, bootstrapServers };
  return {
    mapping: {
      ...ofTemplate,
      topic,
      connection,
      keepDeliveries: 0,
      faults: { ...options.fault, ...defined({ freezeSeconds: options.freezeSeconds }) },
      ...defined({
        source,
        consumerGroup: options.group,
        batchSize: options.batchSize,
        maxBatchingWindowMs: options.window === undefined ? undefined : options.window * 1000,
        retryAttempts: options.retries,
        maxRecordAgeSeconds: options.maxAge,
        bisectBatchOnError: options.bisect,
        onFailure: options.onFailure,
        reportBatchItemFailures: options.partialResponses,
        // commander sets the positive form of a --no- option by itself.
        provisioned: options.provisioned === false ? false : undefined,
        concurrency: options.concurrency,
        partialFailures: options.partialFailures,
        metadataMaxAgeMs:
          options.metadataMaxAge === undefined ? undefined : options.metadataMaxAge * 1000,
        nulls: options.nulls,
        ...(start === undefined
          ? { startingPosition, startingPositionTimestamp }
          : start instanceof Date
            ? { startingPosition: 'AT_TIMESTAMP' as const, startingPositionTimestamp: start }
            : { startingPosition: start, startingPositionTimestamp: undefined }),
      }),
    },
    function: {
      ...configuration,
      ...code,
      ...defined({
        codeFolder: options.code,
        timeoutSeconds: options.timeout,
        memorySizeMb: options.memory,
        inspect: options.inspect,
      }),
      environment: { ...awsVariables(), ...configuration.environment, ...options.env },
    },
    notes: template?.notes ?? [],
    untilEnd: options.untilEnd ?? false,
    json: options.json ?? false,
  };
};

const awsVariables = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[0].startsWith('AWS_') && entry[1] !== undefined,
    ),
  );
