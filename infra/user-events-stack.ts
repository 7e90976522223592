import { Annotations, type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Network } from './config/network.ts';
import type { KafkaCluster } from './config/source.ts';
import type { DeployConfig } from './config/stage.ts';
import { demoWarnings } from './config/warnings.ts';
import { propsOf } from './construct/given.ts';
import { KafkaSource } from './construct/kafka-source.ts';
import { OnFailure } from './construct/on-failure.ts';
import type { AlarmsProps, FunctionProps, MappingProps, NetworkProps } from './construct/props.ts';
import { SchemaRegistry } from './construct/schema-registry.ts';
import { Sink } from './construct/sink.ts';
import { UserEventsPipeline } from './construct/user-events-pipeline.ts';
import { DemoCluster } from './demo.ts';
import { encryptionKey } from './encryption-key.ts';

/**
 * The pipeline's id. CDK leaves it out of logical ids: those of a stage are older than the construct, and a table with another logical
 * id would be another table.
 */
const hidden = 'Default';

/** The stack of one stage: the pipeline, with the key and the demo's cluster where the stage asks for them. */
export class UserEventsStack extends Stack {
  constructor(app: App, config: DeployConfig) {
    const { stackName, account, region, topic, source, terminationProtection, tags } = config;
    super(app, stackName, {
      env: { ...(account && { account }), ...(region && { region }) },
      terminationProtection,
      description: `User events from the Kafka topic ${topic} to Cassandra`,
      ...(tags === undefined ? {} : { tags }),
    });
    for (const [name, text] of demoWarnings(config))
      Annotations.of(this).addWarningV2(`user-events:${name}`, text);

    const removalPolicy =
      config.removal === 'destroy' || source.kind === 'demo'
        ? RemovalPolicy.DESTROY
        : // RETAIN would also keep them in the rollback of a first deploy, and the next deploy would find their names taken.
          RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    const key = config.encryption === 'own-key' ? encryptionKey(this, removalPolicy) : undefined;
    const demo =
      source.kind === 'demo' ? new DemoCluster(this, 'Demo', { ...config, source }) : null;
    const { topicArn, ...alarms } = config.alarms;
    const pipeline = new UserEventsPipeline(this, hidden, {
      name: stackName,
      topic,
      consumerGroup: config.consumerGroup,
      source: demo?.source ?? KafkaSource.fromSettings(source as KafkaCluster),
      sink: Sink.fromSettings(config.sink),
      schemaRegistry: config.schemaRegistry && SchemaRegistry.fromSettings(config.schemaRegistry),
      mapping: propsOf<MappingProps>(config.mapping),
      onFailure: OnFailure.fromSettings(config.onFailure),
      network: config.network && networkProps(new Construct(this, 'Given'), config.network),
      function: propsOf<FunctionProps>(config.function),
      environment: config.environment,
      encryptionKey: key,
      removalPolicy,
      operate: config.operate,
      alarms: {
        ...propsOf<AlarmsProps>(alarms),
        topic:
          topicArn === undefined ? undefined : Topic.fromTopicArn(this, 'AlarmTopic', topicArn),
      },
    });
    if (demo === null) return;
    pipeline.startAfter(demo);
    Annotations.of(pipeline).acknowledgeWarning('user-events:destroy');
  }
}

/** Looks up what a stage names by its ids. */
const networkProps = (scope: Construct, network: Network): NetworkProps => {
  const {
    vpcId,
    availabilityZones,
    subnetIds,
    securityGroupIds = [],
    database,
    endpoints,
  } = network;
  const subnets = subnetIds.map((subnetId, index) => {
    const subnet = Subnet.fromSubnetAttributes(scope, `Subnet${index}`, {
      subnetId,
      availabilityZone: availabilityZones[index] ?? '',
    });
    // CDK routes nothing in these imported subnets.
    Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
    return subnet;
  });
  return {
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: [...availabilityZones] }),
    subnets: { subnets },
    securityGroups: securityGroupIds.map((one) =>
      SecurityGroup.fromSecurityGroupId(scope, one, one),
    ),
    database:
      database.securityGroupId !== undefined
        ? { securityGroup: database.securityGroupId }
        : database.cidr === undefined
          ? undefined
          : { cidr: database.cidr },
    endpoints,
  };
};
