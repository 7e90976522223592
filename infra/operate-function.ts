import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type ISecurityGroup, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { tableNames } from '../schema/tables.ts';
import { BundledFunction } from './bundled-function.ts';
import { operateEnvironment } from './config/function-environment.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import type { KafkaCluster } from './config/source.ts';
import { grantDatabase } from './database-grants.ts';
import type { Network } from './network.ts';
import { grantFiles, operateBucket } from './operate-files.ts';
import { grantAskedRegistry, grantBrokers, grantFailedBatches } from './operate-grants.ts';

export interface OperateProps {
  readonly config: PipelineSettings;
  readonly source: KafkaCluster;
  readonly network: Network | undefined;
  readonly removalPolicy: RemovalPolicy;
  readonly key: IKey | undefined;
  /** Where failed batches lie; null where there is no such bucket or queue. */
  readonly failed: { readonly bucket: IBucket | null; readonly queue: IQueue | null };
}

/** The memory at which Lambda gives a function a whole processor, in MB. */
const memory = 1769;

/** The longest time that Lambda has. A command that takes longer goes on in another invocation. */
const timeout = Duration.minutes(15);

/** The security groups that AWS takes for a function. */
const mostGroups = 5;

/**
 * The function that runs operations (`user-events … --via-function`) where the database can be reached, and the bucket of their files. It has
 * a role of its own, and nothing calls it but people who may.
 */
export class Operate extends Construct {
  readonly made: BundledFunction;
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: OperateProps) {
    super(scope, id);
    const { config, source, network, removalPolicy, key, failed } = props;
    this.bucket = operateBucket(this, 'Files', { removalPolicy, key });
    this.made = new BundledFunction(this, 'Run', {
      folder: 'operate',
      description: 'Runs operations on user events for people who call it',
      memory,
      timeout,
      environment: operateEnvironment(config, Stack.of(this).region, this.bucket.bucketName),
      logRetentionDays: config.function.logRetentionDays,
      network: network && { placement: this.#placement(network, source) },
      key,
    });
    const { role } = this.made;
    grantDatabase(this, role, config, tableNames);
    grantBrokers(role, { ...config, source });
    grantAskedRegistry(role, config);
    grantFailedBatches(role, failed);
    grantFiles(role, this.bucket);
  }

  /** Places the function where the others are, with a group that also opens the brokers and AWS. */
  #placement({ placement }: Network, source: KafkaCluster): Network['placement'] {
    const group = new SecurityGroup(this, 'Group', {
      vpc: placement.vpc,
      description: 'The function that runs operations on user events',
      allowAllOutbound: false,
    });
    for (const port of portsOf(source))
      group.addEgressRule(Peer.anyIpv4(), Port.tcp(port), 'Kafka');
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'The bucket of files, and AWS');
    const securityGroups: ISecurityGroup[] = [...placement.securityGroups, group];
    if (securityGroups.length > mostGroups)
      throw new Error(
        `${this.node.path} has ${securityGroups.length} security groups, and AWS takes ${mostGroups}: give network at most ${mostGroups - 2} besides the functions’ own`,
      );
    return { ...placement, securityGroups };
  }
}

/** The ports of MSK: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html */
const mskPorts = { iam: [9098], scram: [9096], mtls: [9094], none: [9092, 9094, 9098] };

const portsOf = (source: KafkaCluster): readonly number[] =>
  source.kind === 'self-managed'
    ? [...new Set(source.bootstrapServers.map((server) => Number(server.split(':').at(-1))))]
    : mskPorts[source.auth];
