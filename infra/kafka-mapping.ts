import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import { secretsOf, vpcConnectionOf } from './config/brokers.ts';
import { provisioned } from './config/mapping.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import type { KafkaCluster, SelfManagedSource } from './config/source.ts';
import { grantKafka } from './kafka-grants.ts';
import { MappingCheck } from './mapping-check.ts';
import { grantSchemaRegistry, schemaRegistryConfig } from './schema-registry.ts';

export interface KafkaMappingProps {
  readonly config: PipelineSettings;
  readonly source: KafkaCluster;
  readonly target: BundledFunction;
  /** The destination of batches that failed all retries, as `DestinationConfig` names it; null without one. */
  readonly onFailure: string | null;
  readonly key: IKey | undefined;
}

/**
 * The event source mapping, as a CloudFormation resource: CDK's own event sources grant nothing for IAM authentication,
 * know no mTLS for MSK, and do not check which settings need provisioned mode.
 */
export class KafkaMapping extends Construct {
  /** The mapping's UUID, a dimension of its metrics. */
  readonly mappingId: string;
  readonly #mapping: CfnEventSourceMapping;

  constructor(
    scope: Construct,
    id: string,
    { config, source, target, onFailure, key }: KafkaMappingProps,
  ) {
    super(scope, id);
    const { mapping, topic, consumerGroup } = config;
    const check = new MappingCheck(this, 'Check', { config, source, key });
    // A new logical id is a new mapping to CloudFormation; AWS accepts no second mapping of the same function, brokers and topic.
    const generation = mapping.generation === 1 ? '' : `${mapping.generation}`;
    const resource = new CfnEventSourceMapping(this, `Mapping${generation}`, {
      functionName: target.function.functionName,
      topics: [topic],
      startingPosition: mapping.startingPosition.replaceAll('-', '_').toUpperCase(),
      ...(mapping.startingTimestamp === undefined
        ? {}
        : { startingPositionTimestamp: Date.parse(mapping.startingTimestamp) / 1000 }),
      batchSize: mapping.batchSize,
      maximumBatchingWindowInSeconds: mapping.batchingWindowSeconds,
      ...controls(mapping),
      ...(onFailure === null
        ? {}
        : { destinationConfig: { onFailure: { destination: onFailure } } }),
      metricsConfig: { metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
      ...cluster(source, { consumerGroupId: consumerGroup, ...schemaRegistryConfig(config) }),
      ...access(source),
    });
    this.#mapping = resource;
    this.mappingId = resource.attrId;
    grantKafka(target.role, { ...config, source });
    grantSchemaRegistry(target.role, config);
    // AWS tries the connection when it creates the mapping: the role must have its policy by then.
    resource.node.addDependency(target.role);
    // Otherwise the policy would lose the old topic before the check refuses the change.
    target.role.node.findChild('DefaultPolicy').node.addDependency(check);
  }

  /** Delays the mapping until other resources exist: records come from then on. */
  makeAfter(...others: readonly IDependable[]): void {
    this.#mapping.node.addDependency(...others);
  }
}

/**
 * Makes the properties that need provisioned mode. On demand AWS accepts neither partial batch responses nor a limit of retries.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
const controls = ({ pollers, maxRecordAgeSeconds, ...given }: PipelineSettings['mapping']) => {
  if (pollers === 'on-demand') return {};
  const { retryAttempts, bisect, logLevel } = provisioned;
  return {
    provisionedPollerConfig: { minimumPollers: pollers.minimum, maximumPollers: pollers.maximum },
    functionResponseTypes: ['ReportBatchItemFailures'],
    bisectBatchOnFunctionError: given.bisect ?? bisect,
    maximumRetryAttempts: given.retryAttempts ?? retryAttempts,
    ...(maxRecordAgeSeconds === undefined
      ? {}
      : { maximumRecordAgeInSeconds: maxRecordAgeSeconds }),
    loggingConfig: { systemLogLevel: given.logLevel ?? logLevel },
  };
};

type KafkaConfig = CfnEventSourceMapping.SelfManagedKafkaEventSourceConfigProperty;

const cluster = (source: KafkaCluster, kafka: KafkaConfig) =>
  source.kind === 'self-managed'
    ? {
        selfManagedEventSource: {
          endpoints: { kafkaBootstrapServers: [...source.bootstrapServers] },
        },
        selfManagedKafkaEventSourceConfig: kafka,
      }
    : {
        eventSourceArn: vpcConnectionOf(source) ?? source.clusterArn,
        amazonManagedKafkaEventSourceConfig: kafka,
      };

type Access = CfnEventSourceMapping.SourceAccessConfigurationProperty;

/** Makes the access configuration of the brokers' login and network. AWS refuses an empty list, so it may be left out. */
const access = (source: KafkaCluster) => {
  const sourceAccessConfigurations: Access[] = [
    ...secretsOf(source),
    ...(source.kind === 'self-managed' ? networkAccess(source) : []),
  ];
  return sourceAccessConfigurations.length === 0 ? {} : { sourceAccessConfigurations };
};

const networkAccess = ({ vpc }: SelfManagedSource): Access[] => [
  ...(vpc?.subnetIds ?? []).map((id) => ({ type: 'VPC_SUBNET', uri: `subnet:${id}` })),
  ...(vpc?.securityGroupIds ?? []).map((id) => ({
    type: 'VPC_SECURITY_GROUP',
    uri: `security_group:${id}`,
  })),
];
