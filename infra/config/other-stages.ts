import type { Source } from './source.ts';

/** The part of a stage that shows whether two stages get in each other's way. */
export interface ComparedStage {
  readonly stackName: string;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly topic: string;
  readonly consumerGroup: string;
  readonly source: Source;
  readonly sink: {
    readonly kind: string;
    readonly keyspace: string;
    readonly tables: { readonly create: boolean };
  };
}

/**
 * Finds what a stage has in common with the other stages of `cdk.json`, although two stacks cannot share it.
 * @param others the other stages by their names.
 * @returns warnings, each with the name under which it can be acknowledged. They are not mistakes, because `cdk.json` does not say which
 * stages are deployed.
 */
export const sharedWithOtherStages = (
  stage: ComparedStage,
  others: Readonly<Record<string, ComparedStage>>,
): readonly (readonly [name: string, text: string])[] =>
  Object.entries(others)
    // Two stages with one stack's name are two versions of one stack.
    .filter(([, other]) => other.stackName !== stage.stackName)
    .flatMap(([name, other]) => [
      ...(makesTablesOf(stage, other)
        ? [
            [
              'shared-keyspace',
              `sink.keyspace ${stage.sink.keyspace} is that of stage ${name} too, in the same account and region: the stack that is ` +
                'deployed second fails with "already exists". Name another keyspace, or set sink.tables.create false in the ' +
                'stage that is deployed second.',
            ] as const,
          ]
        : []),
      ...(sharesPartitions(stage, other)
        ? [
            [
              'shared-group',
              `consumerGroup ${stage.consumerGroup} reads topic ${stage.topic} in stage ${name} too: two mappings of one group divide ` +
                'the partitions, and each gets only a part of the records. Name another consumerGroup, or destroy the other stack first.',
            ] as const,
          ]
        : []),
    ]);

const makesTablesOf = (stage: ComparedStage, other: ComparedStage): boolean =>
  sameRegion(stage, other) &&
  [stage, other].every(({ sink }) => sink.kind === 'keyspaces' && sink.tables.create) &&
  stage.sink.keyspace === other.sink.keyspace;

const sameRegion = (stage: ComparedStage, other: ComparedStage): boolean =>
  stage.account === other.account && stage.region === other.region;

const sharesPartitions = (stage: ComparedStage, other: ComparedStage): boolean =>
  stage.topic === other.topic &&
  stage.consumerGroup === other.consumerGroup &&
  brokers(stage.source).some((broker) => brokers(other.source).includes(broker));

/** Names the brokers of a source. A demo has brokers of its own, which no other stage reads. */
const brokers = (source: Source): readonly string[] => {
  if (source.kind === 'demo') return [];
  return source.kind === 'self-managed' ? source.bootstrapServers : [source.clusterArn];
};
