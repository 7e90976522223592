import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { FixedSettings } from '../functions/check-mapping/mapping-change.ts';
import { BundledFunction } from './bundled-function.ts';
import { vpcConnectionOf } from './config/brokers.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import type { KafkaCluster } from './config/source.ts';
import { resourceProvider } from './resource-provider.ts';

export interface MappingCheckProps {
  readonly config: PipelineSettings;
  readonly source: KafkaCluster;
  readonly key: IKey | undefined;
}

/**
 * A custom resource that fails a deploy which changes a fixed property of the event source mapping: CloudFormation would
 * report a new topic as deployed, and nobody would read it (docs/decisions/0014). Resources that depend on it are updated
 * only after it has agreed.
 */
export class MappingCheck extends Construct {
  constructor(scope: Construct, id: string, { config, source, key }: MappingCheckProps) {
    super(scope, id);
    const { logRetentionDays } = config.function;
    const check = new BundledFunction(this, 'Check', {
      folder: 'check-mapping',
      description: 'Refuses deploys that AWS cannot carry out on the event source mapping',
      memory: 128,
      timeout: Duration.seconds(30),
      environment: {},
      logRetentionDays,
      key,
    });
    const { mapping, topic, consumerGroup } = config;
    new CustomResource(this, 'Settings', {
      serviceToken: resourceProvider(this, check, { logRetentionDays, key }).serviceToken,
      resourceType: 'Custom::KafkaMappingCheck',
      properties: {
        Topic: topic,
        ConsumerGroup: consumerGroup,
        StartingPosition: [mapping.startingPosition, mapping.startingTimestamp ?? []]
          .flat()
          .join(' '),
        Source:
          source.kind === 'self-managed'
            ? source.bootstrapServers.join(',')
            : (vpcConnectionOf(source) ?? source.clusterArn),
        Generation: `${mapping.generation}`,
      } satisfies FixedSettings,
    });
  }
}
