import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { envelopeOf } from '../support/failure-envelope.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { operate } from '../support/operate.ts';

// `redrive` on a bucket and on a queue, by AWS's own SDK: moto answers in place of AWS.

let moto: Moto;
before(async () => {
  moto = await startMoto();
  process.env['AWS_ENDPOINT_URL'] = moto.url;
});
after(() => moto?.[Symbol.asyncDispose]());

const user = (digit: number): string =>
  `11111111-1111-4111-8111-${String(digit).padStart(12, '0')}`;
const eventBytes = (digit: number): Buffer =>
  encode({ user_id: user(digit), event_time: Date.now() - 60_000 });

const rowsOf = async ({ rows, name }: TestKeyspace): Promise<string[]> =>
  (await rows(`SELECT user_id FROM ${name}.user_events`))
    .map((row) => String(row['user_id']))
    .toSorted();

test('the objects of a bucket are redriven by pages, stay, are not redriven twice, and are removed where that is asked for', async () => {
  await using keyspace = await openKeyspace();
  const bucket = `failed-${randomUUID()}`;
  const s3 = new S3Client({ forcePathStyle: true });
  const put = (Key: string, Body: string) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
    // More than one page of a listing.
    const objects = 1_005;
    for (let first = 0; first < objects; first += 50)
      await Promise.all(
        Array.from({ length: Math.min(50, objects - first) }, (_, index) => {
          const offset = first + index;
          const record = { topic: 'clicks', partition: 0, offset, value: eventBytes(offset) };
          return put(
            `batch/${String(offset).padStart(5, '0')}`,
            JSON.stringify(envelopeOf([record])),
          );
        }),
      );
    await put('other/x', 'no envelope');
    const given = { environment: keyspace.environment };
    const args = ['redrive', '--from-failed', `s3://${bucket}/batch/`, '--to', 'tables', '--json'];
    const done = await operate([...args, '--yes'], given);
    strictEqual(done.exitCode, 0);
    strictEqual(done.printed.length, objects);
    strictEqual((await rowsOf(keyspace)).length, objects);
    match(done.told.join('\n'), /The batches in s3:\/\/.* stay/);
    const again = await operate(
      ['redrive', '--from-failed', `s3://${bucket}/batch/0100`, '--to', 'tables', '--json'],
      given,
    );
    strictEqual(again.printed.length, 5);
    deepStrictEqual(
      new Set(again.printed.map((line) => JSON.parse(line)['would become'])),
      new Set(['already redriven']),
    );
    const removed = await operate([...args, '--remove', '--yes'], given);
    strictEqual(removed.exitCode, 0, removed.told.join('\n'));
    match(removed.told.join('\n'), /1,005 batches were removed from s3:/);
    const { KeyCount, Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    deepStrictEqual([KeyCount, Contents.map(({ Key }) => Key)], [1, ['other/x']]);
    const broken = await operate(
      ['redrive', '--from-failed', `s3://${bucket}/other`, '--to', 'tables', '--yes', '--json'],
      given,
    );
    strictEqual(broken.exitCode, 1);
    deepStrictEqual(
      broken.printed.map((line) => JSON.parse(line)).map(({ record, became }) => [record, became]),
      [['other/x', 'unreadable']],
    );
    await rejects(
      operate(['redrive', '--from-failed', 's3://nowhere-at-all', '--to', 'tables'], given),
      /s3:\/\/nowhere-at-all\/ cannot be listed \(NoSuchBucket/,
    );
  } finally {
    s3.destroy();
  }
});

test('the messages of a queue name records, which are read from the topic; a message is deleted once all of its records are done', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  await topic.produce(
    Array.from({ length: 6 }, (_, offset) => ({
      partition: 0,
      value: eventBytes(offset),
    })),
  );
  await topic.deleteBelow(0, 1);
  const sqs = new SQSClient({});
  try {
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: `failed-${randomUUID()}` }),
    );
    for (const offsets of [[0, 1, 2], [3], [4, 5]]) {
      const { payload: _, ...notice } = envelopeOf(
        offsets.map((offset) => ({ topic: topic.name, partition: 0, offset, value: null })),
      );
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(notice) }));
    }
    const given = {
      environment: keyspace.environment,
      bootstrapServers: topic.bootstrapServers,
    };
    const args = ['redrive', '--from-failed', QueueUrl, '--to', 'tables', '--json'];
    const dry = await operate(args, given);
    strictEqual(dry.exitCode, 1);
    strictEqual(dry.printed.length, 6);

    const done = await operate([...args, '--yes'], given);
    strictEqual(done.exitCode, 1);
    deepStrictEqual(
      done.printed
        .map((line) => JSON.parse(line))
        .map(({ record, became }) => `${record.split('/').at(-1)} ${became}`)
        .toSorted(),
      ['0 gone', '1 done', '2 done', '3 done', '4 done', '5 done'],
    );
    match(done.told.join('\n'), /2 messages were deleted from /);
    deepStrictEqual(await rowsOf(keyspace), [1, 2, 3, 4, 5].map(user));
    // The message of the record that is gone was given back at once.
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    strictEqual(Messages.length, 1);
    match(Messages[0]?.Body ?? '', /"firstRecordOffset":"0"/);
  } finally {
    sqs.destroy();
  }
});
