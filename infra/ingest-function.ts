import { join } from 'node:path';
import {
  Annotations,
  AssetHashType,
  DockerImage,
  Duration,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { bundle } from './bundling.ts';
import type { DeployConfig } from './config.ts';

const root = join(import.meta.dirname, '..');

/** The function that writes the events, with what it may do at the database. */
export class IngestFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, config: DeployConfig) {
    super(scope, id);
    const { memory, timeoutSeconds } = config.function;
    this.function = new LambdaFunction(this, 'Function', {
      description: 'Writes user events from Kafka to Cassandra',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundledCode(),
      handler: 'index.handler',
      memorySize: memory,
      timeout: Duration.seconds(timeoutSeconds),
      environment: { NODE_OPTIONS: '--enable-source-maps', ...config.environment },
      loggingFormat: LoggingFormat.JSON,
      logGroup: new LogGroup(this, 'Log', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      ...network(this, config),
    });
    grantDatabase(this, this.function, config.environment);
  }
}

/** The folder is read by a hook of CDK's own; no container runs. */
const bundledCode = (): Code =>
  Code.fromAsset(join(root, 'functions/ingest'), {
    // Of the folder alone it would stay when the schema or a package changes, and nothing would be deployed.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle(folder) {
          bundle(join(root, 'functions/ingest/handler.ts'), folder);
          return true;
        },
      },
    },
  });

const network = (scope: Construct, config: DeployConfig) => {
  const { vpc } = config.function;
  if (vpc === undefined) return {};
  return {
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', {
      vpcId: vpc.id,
      availabilityZones: [...vpc.availabilityZones],
    }),
    vpcSubnets: {
      subnets: vpc.subnetIds.map((id) => {
        const subnet = Subnet.fromSubnetId(scope, `Subnet-${id}`, id);
        // Nothing here is routed by CDK.
        Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
        return subnet;
      }),
    },
    securityGroups: vpc.securityGroupIds.map((id) =>
      SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup-${id}`, id),
    ),
  };
};

/** A password is read from its secret; on Keyspaces the role itself logs in. */
const grantDatabase = (
  scope: Construct,
  fn: LambdaFunction,
  { CASSANDRA_AUTH, CASSANDRA_SECRET_ARN, CASSANDRA_KEYSPACE }: DeployConfig['environment'],
): void => {
  if (CASSANDRA_SECRET_ARN)
    Secret.fromSecretCompleteArn(scope, 'Login', CASSANDRA_SECRET_ARN).grantRead(fn);
  if (CASSANDRA_AUTH !== 'sigv4') return;
  const { partition, region, account } = Stack.of(scope);
  const keyspaces = `arn:${partition}:cassandra:${region}:${account}:/keyspace`;
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: ['cassandra:Select', 'cassandra:Modify'],
      resources: ['user_events', 'rejected_events', 'partition_watermarks'].map(
        (table) => `${keyspaces}/${CASSANDRA_KEYSPACE}/table/${table}`,
      ),
    }),
  );
  // Every driver reads the system tables when it connects.
  fn.addToRolePolicy(
    new PolicyStatement({ actions: ['cassandra:Select'], resources: [`${keyspaces}/system*`] }),
  );
};
