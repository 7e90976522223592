import { deepStrictEqual, match } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { openDestination } from 'local-kafka-trigger';
import { failureEnvelope } from 'local-kafka-trigger/mapping/on-failure.ts';
import { type Moto, startMoto } from '../support/moto.ts';

// The on-failure destinations of the local trigger, with an emulator of S3 and SQS.

let moto: Moto;
before(async () => {
  moto = await startMoto();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: moto.url,
  });
});
after(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  await moto?.[Symbol.asyncDispose]();
});

const envelope = failureEnvelope(
  { source: { kind: 'self-managed', bootstrapServers: 'b:9092' }, functionArn: 'arn' },
  {
    condition: 'RetryAttemptsExhausted',
    parts: [{ identifier: 't-0', records: [{ offset: 1, timestamp: 0, json: '{"offset":1}' }] }],
    invocations: 11,
    result: undefined,
  },
);

test('a bucket holds the envelope with its event', async () => {
  const s3 = new S3Client({ forcePathStyle: true });
  const Bucket = 'failed';
  const configuration = { LocationConstraint: 'eu-west-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: configuration }));
  await (await openDestination(`s3://${Bucket}`))(envelope);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  match(Contents[0]?.Key ?? '', /^aws\/lambda\/[0-9a-f-]{36}\/\d{4}\/\d\d\/\d\d\//);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: Contents[0]?.Key }));
  deepStrictEqual(JSON.parse((await Body?.transformToString()) ?? ''), envelope);
  s3.destroy();
});

for (const by of ['URL', 'ARN'])
  test(`a queue, named by its ${by}, holds the envelope without its event`, async () => {
    const sqs = new SQSClient();
    const name = `failed-by-${by}`;
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    await (
      await openDestination(by === 'URL' ? QueueUrl : `arn:aws:sqs:eu-west-1:123456789012:${name}`)
    )(envelope);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const { payload: _, ...metadata } = envelope;
    deepStrictEqual(JSON.parse(Messages[0]?.Body ?? ''), metadata);
    sqs.destroy();
  });
