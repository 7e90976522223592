import { Duration, Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnCluster } from 'aws-cdk-lib/aws-msk';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
} from 'aws-cdk-lib/custom-resources';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import type { Source } from './config/source.ts';
import type { DeployConfig } from './config/stage.ts';
import { KafkaAuth } from './construct/kafka-auth.ts';
import { KafkaSource } from './construct/kafka-source.ts';
import { allowing } from './grants.ts';
import { within } from './kafka-grants.ts';

type DemoSource = Extract<Source, { kind: 'demo' }>;
type DemoConfig = Pick<DeployConfig, 'stackName' | 'topic'> & { readonly source: DemoSource };

const iamPort = 9098;
const httpsPort = 443;
const brokers = 2;

/**
 * A VPC without internet access, the smallest MSK cluster, and a producer: a demo to be looked at and deleted.
 * The topic exists when this construct has been created.
 */
export class DemoCluster extends Construct {
  readonly source: KafkaSource;

  constructor(scope: Construct, id: string, { stackName, topic, source }: DemoConfig) {
    super(scope, id);
    const availabilityZones = source.availabilityZones && [...source.availabilityZones];
    // The cast bridges classes and interfaces of aws-cdk-lib that differ under exactOptionalPropertyTypes.
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/24'),
      ...(availabilityZones === undefined ? { maxAzs: brokers } : { availabilityZones }),
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
      // The mapping puts failed batches into S3, which must be reachable from the cluster's VPC. A gateway endpoint is free.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    }) as IVpc;
    const brokerGroup = new SecurityGroup(this, 'Brokers', {
      vpc,
      description: 'The demo cluster, and the event source mapping, which takes its groups',
      allowAllOutbound: false,
    });
    brokerGroup.connections.allowInternally(Port.tcp(iamPort), 'The event source mapping');
    // The mapping uses this group, and puts failed batches into S3: docs/deploy.md, "Network access".
    brokerGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(httpsPort), 'AWS, by the endpoint of S3');
    const producerGroup = new SecurityGroup(this, 'ProducerGroup', {
      vpc,
      description: 'The demo producer',
      allowAllOutbound: false,
    });
    producerGroup.connections.allowTo(brokerGroup, Port.tcp(iamPort), 'Kafka');

    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: stackName,
      kafkaVersion: '3.9.x',
      numberOfBrokerNodes: brokers,
      brokerNodeGroupInfo: {
        instanceType: 'kafka.t3.small',
        clientSubnets: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
        securityGroups: [brokerGroup.securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: 10 } },
      },
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      encryptionInfo: { encryptionInTransit: { clientBroker: 'TLS', inCluster: true } },
    });
    this.source = KafkaSource.msk(cluster, { auth: KafkaAuth.iam() });

    const producer = new BundledFunction(this, 'Producer', {
      folder: 'produce',
      description: 'Makes user events for the demo',
      memory: 256,
      timeout: Duration.minutes(1),
      environment: {
        KAFKA_BOOTSTRAP_SERVERS: bootstrapServers(this, cluster),
        KAFKA_TOPIC: topic,
        KAFKA_AUTH: 'iam',
        REPLICAS: `${brokers}`,
        EVENTS: `${source.eventsPerMinute}`,
      },
      logRetentionDays: 1,
      network: {
        placement: {
          vpc,
          vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
          securityGroups: [producerGroup],
        },
      },
    });
    grantProducing(producer.role, cluster.attrArn, topic);
    // The producer's first call creates the topic that the event source mapping reads; its route to the brokers must be open by then.
    const topicMade = new Trigger(this, 'Topic', {
      handler: producer.function,
      executeAfter: [brokerGroup, producerGroup, vpc],
    });
    const eachMinute = new Rule(this, 'EachMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new Target(producer.function)],
    });
    eachMinute.node.addDependency(topicMade);
    acknowledgeDemo(this, vpc, cluster);
  }
}

/** Looks up the cluster's brokers by a call of MSK's API: CloudFormation has no attribute for them. */
const bootstrapServers = (scope: Construct, cluster: CfnCluster): string => {
  const asked = new AwsCustomResource(scope, 'BootstrapServers', {
    onUpdate: {
      service: 'Kafka',
      action: 'GetBootstrapBrokers',
      parameters: { ClusterArn: cluster.attrArn },
      physicalResourceId: PhysicalResourceId.of(
        Fn.join('/', ['bootstrap-servers-of', cluster.attrArn]),
      ),
    },
    installLatestAwsSdk: false,
    // The log group that CDK would create outlives the stack.
    logGroup: new LogGroup(scope, 'BootstrapServersLog', {
      retention: RetentionDays.ONE_DAY,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
    policy: AwsCustomResourcePolicy.fromStatements([
      new PolicyStatement({ actions: ['kafka:GetBootstrapBrokers'], resources: [cluster.attrArn] }),
    ]),
  });
  return asked.getResponseField('BootstrapBrokerStringSaslIam');
};

const grantProducing = (role: Role, clusterArn: string, topic: string): void => {
  const allow = allowing(role);
  allow(['kafka-cluster:Connect'], clusterArn);
  allow(
    ['kafka-cluster:CreateTopic', 'kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'],
    within({ clusterArn }, 'topic', topic),
  );
};

const acknowledgeDemo = (demo: Construct, vpc: IVpc, cluster: CfnCluster): void => {
  const acknowledge = (of: Construct, id: string, reason: string) =>
    Validations.of(of).acknowledge({ id: `AwsSolutions-${id}`, reason });
  acknowledge(vpc, 'VPC7', 'A demo that lives for hours: its flows are not logged.');
  acknowledge(cluster, 'MSK6', 'A demo that lives for hours: its brokers’ logs are not kept.');
  acknowledge(demo, 'L1', 'CDK’s own custom resources choose their runtimes.');
  // A single function of CDK's serves all such resources of a stack.
  const id = `AWS${AwsCustomResource.PROVIDER_FUNCTION_UUID.replaceAll('-', '')}`;
  acknowledge(
    Stack.of(demo).node.findChild(id) as Construct,
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    'CDK’s own custom resources, of a demo that lives for hours.',
  );
};
