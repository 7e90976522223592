import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { stackHealth } from '../../../../cli/stage/stack-health.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';
import { type AwsState, startAws } from '../../../support/aws.ts';

const folder = await temporaryFolder('stack-health');
after(() => folder[Symbol.asyncDispose]());
beforeEach(() => {
  for (const name of Object.keys(process.env).filter((one) => one.startsWith('AWS_')))
    delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = join(folder.path, 'none');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(folder.path, 'none');
});

const stack = {
  name: 'user-events-prod',
  region: 'eu-west-1',
  mappingId: 'a-mapping',
  onFailure: 'a-bucket',
};
const deployed: AwsState = {
  stacks: { 'user-events-prod': { outputs: {} } },
  resources: { 'AWS::CloudWatch::Alarm': ['prod: Lag', 'prod: Silence'], 'AWS::S3::Bucket': ['b'] },
  alarms: { 'prod: Lag': 'ALARM', 'prod: Silence': 'OK', 'another stack’s': 'ALARM' },
  mappings: { 'a-mapping': { State: 'Enabled', LastProcessingResult: 'OK' } },
};

const healthOf = async (state: AwsState, asked = stack) => {
  await using aws = await startAws(state);
  Object.assign(process.env, aws.environment);
  return await stackHealth(asked);
};

test('the health of a stack has its mapping’s state, its own alarms, what AWS dropped and what lies in its bucket', async () => {
  const objects = new Map(['x/1', 'x/2'].map((key) => [`a-bucket/${key}`, Buffer.from('{}')]));
  const metrics = { DroppedEventCount: [3, 4], OnFailureDestinationDeliveryErrorCount: [] };
  deepStrictEqual(await healthOf({ ...deployed, objects, metrics }), {
    mapping: { kind: 'known', value: { state: 'Enabled', reason: null, lastResult: 'OK' } },
    alarms: {
      kind: 'known',
      value: [
        ['prod: Lag', 'ALARM'],
        ['prod: Silence', 'OK'],
      ].map(([name, state]) => ({
        name,
        state,
        meaning: `The meaning of ${name}.`,
        since: new Date(1_764_400_000_000),
      })),
    },
    lost: { kind: 'known', value: { dropped: 7, undelivered: 0 } },
    onFailure: {
      kind: 'known',
      value: { batches: 2, isMore: false, oldest: new Date('2026-11-29T12:00:00Z') },
    },
  });
});

test('a queue is counted with the messages that somebody is reading', async () => {
  const queues = {
    failed: { ApproximateNumberOfMessages: '4', ApproximateNumberOfMessagesNotVisible: '1' },
  };
  await using aws = await startAws({ ...deployed, queues });
  Object.assign(process.env, aws.environment);
  const url = `${aws.environment['AWS_ENDPOINT_URL']}/111122223333/failed`;
  const { onFailure } = await stackHealth({ ...stack, onFailure: url });
  deepStrictEqual(onFailure, {
    kind: 'known',
    value: { batches: 5, isMore: false, oldest: null },
  });
});

test('of a topic of Kafka, and without a destination, AWS is asked nothing', async () => {
  for (const onFailure of ['kafka://failed', null as unknown as string]) {
    const found = await healthOf(deployed, { ...stack, onFailure });
    deepStrictEqual(found.onFailure, { kind: 'known', value: null });
  }
});

test('what the credentials may not ask is told in its place, and the rest is found', async () => {
  const refuse = (operation: string) =>
    operation === 'DescribeAlarms'
      ? { name: 'AccessDenied', message: 'User is not authorized', status: 403 }
      : undefined;
  const { alarms, mapping } = await healthOf({ ...deployed, refuse });
  strictEqual(mapping.kind, 'known');
  match(
    alarms.kind === 'unknown' ? alarms.why : '',
    /^The credentials may not reach the alarms of the stack user-events-prod: they need cloudwatch:DescribeAlarms/,
  );
});

test('alarms are described a hundred at a time', async () => {
  const names = Array.from({ length: 150 }, (_, index) => `alarm ${index}`);
  const { alarms } = await healthOf({
    ...deployed,
    resources: { 'AWS::CloudWatch::Alarm': names },
    alarms: Object.fromEntries(names.map((name) => [name, 'OK'])),
  });
  strictEqual(alarms.kind === 'known' ? alarms.value.length : 0, 150);
});
