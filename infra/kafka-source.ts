import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { DeployConfig, MskSource, SelfManagedSource } from './config.ts';
import { grantSchemaRegistry, refuseSilentDrops, schemaRegistryConfig } from './schema-registry.ts';

type AccessConfiguration = CfnEventSourceMapping.SourceAccessConfigurationProperty;

export interface KafkaSourceProps {
  readonly config: DeployConfig;
  readonly target: LambdaFunction;
  /** Where batches go whose retries have ended, whole. */
  readonly onFailure: Bucket;
}

/**
 * The event source mapping, in provisioned mode: without it AWS takes neither partial batch responses nor a limit of
 * retries for Kafka. The L1, for CDK's own sources grant nothing for IAM authentication and check none of this.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export class KafkaSource extends Construct {
  constructor(scope: Construct, id: string, { config, target, onFailure }: KafkaSourceProps) {
    super(scope, id);
    const { source, topic, pollers } = config;
    const consumerGroupId = config.environment.CONSUMER_GROUP_ID;
    const kafka = { consumerGroupId, ...schemaRegistryConfig(config) };
    const mapping = new CfnEventSourceMapping(this, 'Mapping', {
      functionName: target.functionName,
      topics: [topic],
      // Records that came before the mapping was ready are not skipped, as LATEST would.
      startingPosition: 'TRIM_HORIZON',
      batchSize: config.batchSize,
      maximumBatchingWindowInSeconds: config.batchingWindowSeconds,
      provisionedPollerConfig: { minimumPollers: pollers.minimum, maximumPollers: pollers.maximum },
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: config.retryAttempts,
      destinationConfig: { onFailure: { destination: onFailure.bucketArn } },
      ...(source.kind === 'msk'
        ? {
            eventSourceArn: source.clusterArn,
            amazonManagedKafkaEventSourceConfig: kafka,
          }
        : {
            selfManagedEventSource: {
              endpoints: { kafkaBootstrapServers: [...source.bootstrapServers] },
            },
            selfManagedKafkaEventSourceConfig: kafka,
          }),
      ...access(source),
    });

    const { role } = target;
    if (role === undefined) throw new Error('the function has a role');
    onFailure.grantPut(role);
    // The destination's check of AWS lists the bucket.
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [onFailure.bucketArn] }),
    );
    if ('secretArn' in source)
      Secret.fromSecretCompleteArn(this, 'Login', source.secretArn).grantRead(role);
    if (source.kind === 'msk') grantMsk(role, source, topic, consumerGroupId);
    if (source.kind === 'msk' || source.vpc !== undefined) grantNetwork(role);
    grantSchemaRegistry(this, role, config);
    refuseSilentDrops(mapping);
    // AWS tries the connection when the mapping is made: the role must have its policy by then.
    mapping.node.addDependency(role);
  }
}

/** IAM authentication has none, and the property does not take an empty list. */
const access = (source: MskSource | SelfManagedSource) => {
  if (source.kind === 'self-managed')
    return { sourceAccessConfigurations: selfManagedAccess(source) };
  if (source.auth === 'iam') return {};
  const scram = { type: 'SASL_SCRAM_512_AUTH', uri: source.secretArn };
  return { sourceAccessConfigurations: [scram] };
};

const selfManagedAccess = ({ auth, secretArn, vpc }: SelfManagedSource): AccessConfiguration[] => [
  {
    type: {
      'scram-256': 'SASL_SCRAM_256_AUTH',
      'scram-512': 'SASL_SCRAM_512_AUTH',
      plain: 'BASIC_AUTH',
    }[auth],
    uri: secretArn,
  },
  ...(vpc?.subnetIds ?? []).map((id) => ({ type: 'VPC_SUBNET', uri: `subnet:${id}` })),
  ...(vpc === undefined
    ? []
    : [{ type: 'VPC_SECURITY_GROUP', uri: `security_group:${vpc.securityGroupId}` }]),
];

/** https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html */
const grantMsk = (role: IRole, source: MskSource, topic: string, group: string): void => {
  const allow = (actions: string[], resources: string[]) =>
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  allow(
    [
      'kafka:DescribeCluster',
      'kafka:DescribeClusterV2',
      'kafka:GetBootstrapBrokers',
      'kafka:ListScramSecrets',
    ],
    [source.clusterArn],
  );
  if (source.auth === 'scram') {
    allow(['kms:Decrypt'], [source.secretKeyArn]);
    return;
  }
  // arn:…:cluster/<name>/<uuid> → arn:…:topic/<name>/<uuid>/<topic>
  const within = (kind: string, name: string): string =>
    `${source.clusterArn.replace(':cluster/', `:${kind}/`)}/${name}`;
  allow(['kafka-cluster:Connect'], [source.clusterArn]);
  allow(['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], [within('topic', topic)]);
  allow(['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'], [within('group', group)]);
};

/**
 * The mapping reaches brokers through network interfaces of its own. The Describe actions know no narrower resource;
 * the other two act in the cluster's subnets, which its ARN does not tell, so AWS's own policy has `*` for them too.
 */
const grantNetwork = (role: IRole): void => {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeVpcs',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeSubnets',
        'ec2:DescribeSecurityGroups',
      ],
      resources: ['*'],
    }),
  );
};
