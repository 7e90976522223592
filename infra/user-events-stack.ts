import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { DeployConfig } from './config.ts';
import { IngestFunction } from './ingest-function.ts';
import { KafkaSource } from './kafka-source.ts';

/** The function, its event source mapping, and the bucket for what the retries could not save. */
export class UserEventsStack extends Stack {
  constructor(app: App, config: DeployConfig) {
    const { stackName, account, region, topic } = config;
    super(app, stackName, {
      env: { account, region },
      description: `User events from the Kafka topic ${topic} to Cassandra`,
    });
    const { function: target } = new IngestFunction(this, 'Ingest', config);
    // S3 and a Kafka topic keep the records themselves; SQS and SNS would only be told of them.
    const onFailure = new Bucket(this, 'OnFailure', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new KafkaSource(this, 'Source', { config, target, onFailure });
  }
}
