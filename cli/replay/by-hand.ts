import type { Stack } from '../target/stack.ts';
import { shellWords } from '../terminal/shell-words.ts';
import type { Move } from './plan.ts';

interface Given {
  readonly bootstrapServers: readonly string[];
  /** True where the brokers want more than an address: the tool then needs a file of properties. */
  readonly isSecured: boolean;
  readonly group: string;
  readonly topic: string;
  readonly moves: readonly Pick<Move, 'partition' | 'from'>[];
  readonly stack: Pick<Stack, 'region' | 'mappingId'> | null;
}

/** Writes the commands of AWS and Kafka that do a replay, in their order. */
export const commandsByHand = ({
  bootstrapServers,
  isSecured,
  group,
  topic,
  moves,
  stack,
}: Given): string[] => {
  const tool = [
    'kafka-consumer-groups.sh',
    ...['--bootstrap-server', bootstrapServers.join(',')],
    ...(isSecured ? ['--command-config', 'client.properties'] : []),
    ...['--group', group],
  ];
  const resets = moves.map(({ partition, from }) => [
    ...tool,
    ...['--topic', `${topic}:${partition}`],
    ...['--reset-offsets', '--to-offset', `${from}`, '--execute'],
  ]);
  return [
    ...(stack === null ? [] : [switched(stack, '--no-enabled'), askedState(stack)]),
    ...resets,
    ...(stack === null ? [] : [switched(stack, '--enabled')]),
  ].map(shellWords);
};

const mapping = (verb: string, { region, mappingId }: NonNullable<Given['stack']>): string[] => [
  ...['aws', 'lambda', `${verb}-event-source-mapping`],
  ...['--region', region, '--uuid', mappingId],
];

const switched = (stack: NonNullable<Given['stack']>, option: string): string[] => [
  ...mapping('update', stack),
  option,
];

const askedState = (stack: NonNullable<Given['stack']>): string[] => [
  ...mapping('get', stack),
  ...['--query', 'State'],
];
