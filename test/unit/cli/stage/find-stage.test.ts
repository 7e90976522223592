import { deepStrictEqual, match, rejects } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { findStage } from '../../../../cli/stage/find-stage.ts';
import { openTarget } from '../../../../cli/target/open-target.ts';
import { UserFacingError } from '../../../../cli/terminal/user-facing-error.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';
import { type AwsState, startAws } from '../../../support/aws.ts';

const folder = await temporaryFolder('find-stage');
after(() => folder[Symbol.asyncDispose]());
const stages = join(folder.path, 'stages.json');
const stage = {
  ...{ stackName: 'user-events-prod', account: '111122223333', region: 'eu-west-1' },
};
await writeFile(
  stages,
  JSON.stringify({ prod: stage, elsewhere: { ...stage, account: '444455556666' } }),
);

const outputs = {
  FunctionName: 'ingest',
  LogGroupName: '/aws/lambda/ingest',
  MappingId: 'a-mapping',
  OnFailureDestination: 'a-bucket',
  Version: '0.1.0 (abc)',
};
const variables = {
  CASSANDRA_CONTACT_POINTS: 'cassandra.example.org',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
  CASSANDRA_KEYSPACE: 'events',
  CONSUMER_GROUP_ID: 'group',
};
const deployed: AwsState = {
  stacks: { 'user-events-prod': { outputs } },
  functions: { ingest: { variables } },
  mappings: {
    'a-mapping': {
      State: 'Enabled',
      Topics: ['user-events'],
      SelfManagedEventSource: {
        Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka.example.org:9096'] },
      },
    },
  },
};
const prod = { stage: 'prod', stages };

/** The variables of AWS that this process has; each test begins without. */
const ofAws = (): string[] => Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
beforeEach(() => {
  for (const name of ofAws()) delete process.env[name];
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  // No file of the person who runs the tests is read.
  process.env['AWS_CONFIG_FILE'] = join(folder.path, 'none');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(folder.path, 'none');
});

const within = async (state: AwsState) => {
  const aws = await startAws(state);
  Object.assign(process.env, aws.environment);
  return aws;
};

const refuses = (names: Parameters<typeof findStage>[0], message: RegExp) =>
  rejects(findStage(names), (error: unknown) => {
    match((error as Error).message, message);
    return error instanceof UserFacingError;
  });

test('a stage is found by its stack’s outputs, its function’s variables and its mapping', async () => {
  await using aws = await within(deployed);
  const { kafka, mapping, stackHealth: _, ...found } = await findStage(prod);
  deepStrictEqual(found, {
    name: 'stage prod',
    environment: { ...variables, AWS_REGION: 'eu-west-1' },
    topic: 'user-events',
    stack: {
      name: 'user-events-prod',
      region: 'eu-west-1',
      functionName: 'ingest',
      logGroupName: '/aws/lambda/ingest',
      mappingId: 'a-mapping',
      onFailure: 'a-bucket',
      version: '0.1.0 (abc)',
      operate: null,
    },
  });
  deepStrictEqual(await kafka(), { bootstrapServers: ['kafka.example.org:9096'] });
  deepStrictEqual(aws.called, [
    'DescribeStacks',
    'GetFunctionConfiguration',
    'GetEventSourceMapping',
  ]);
  await mapping?.setEnabled(false);
  deepStrictEqual(await mapping?.state(), 'Disabled');
});

test('a stage’s keyspace and group can be replaced, and its settings are read as the function reads them', async () => {
  await using _ = await within(deployed);
  await using target = await openTarget(
    { ...prod, keyspace: 'others', group: 'another' },
    findStage,
  );
  deepStrictEqual(
    [target.settings.keyspace, target.settings.consumerGroup, target.settings.contactPoints],
    ['others', 'another', ['cassandra.example.org']],
  );
});

// The group was called "none", and health said that nobody reads.
test('servers that variables name have the group of npm run consume, unless one is named', async (t) => {
  const variables = {
    CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
    CASSANDRA_LOCAL_DATACENTER: 'dc',
    CASSANDRA_KEYSPACE: 'user_events',
  };
  const { CONSUMER_GROUP_ID: before } = process.env;
  delete process.env['CONSUMER_GROUP_ID'];
  Object.assign(process.env, variables);
  t.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
    if (before !== undefined) process.env['CONSUMER_GROUP_ID'] = before;
  });
  const groupBy = async (options: Parameters<typeof openTarget>[0]) => {
    await using target = await openTarget(options, findStage);
    return target.settings.consumerGroup;
  };
  deepStrictEqual(
    [await groupBy({}), await groupBy({ keyspace: 'mine' }), await groupBy({ group: 'g' })],
    ['user-events-user_events', 'user-events-mine', 'g'],
  );
});

test('the pipeline of a stack of somebody’s own app is found by the ends of its output keys', async () => {
  const keyed = Object.entries(outputs).map(([name, value]) => [
    `ShopEvents${name}0A1B2C3D`,
    value,
  ]);
  await using _ = await within({
    ...deployed,
    stacks: { Website: { outputs: Object.fromEntries(keyed) } },
  });
  const found = await findStage({ stack: 'Website', region: 'eu-west-1' });
  deepStrictEqual([found.name, found.stack?.functionName], ['stack Website', 'ingest']);
});

test('a stage whose role signs in to Keyspaces has the credentials of whoever looks, by the names that the function reads', async () => {
  await using _ = await within({
    ...deployed,
    functions: { ingest: { variables: { ...variables, CASSANDRA_AUTH: 'sigv4' } } },
  });
  await using target = await openTarget(prod, findStage);
  deepStrictEqual(
    [target.environment['AWS_ACCESS_KEY_ID'], target.environment['AWS_REGION']],
    ['test', 'eu-west-1'],
  );
});

test('a region of the shell does not lead to another region’s secrets: that of the stage counts', async () => {
  await using _ = await within(deployed);
  process.env['AWS_REGION'] = 'us-east-1';
  await findStage(prod);
  deepStrictEqual(process.env['AWS_REGION'], 'eu-west-1');
});

describe('what AWS refuses is told as a sentence with the remedy', () => {
  test('without credentials: how they are given', async () => {
    await refuses(
      prod,
      /^No credentials of AWS are found, .*Set AWS_PROFILE .* or AWS_ACCESS_KEY_ID/,
    );
  });

  test('without a region: where it is named', async () => {
    await using _ = await within(deployed);
    await refuses(
      { stack: 'Website' },
      /^No region is known, .*--region, by AWS_REGION, or in the stage\.$/,
    );
  });

  test('a stack that is not there: the account and the region in which it was looked for', async () => {
    await using _ = await within({});
    await refuses(
      prod,
      /^There is no stack user-events-prod in account 111122223333, region eu-west-1: stage prod is not deployed there\.$/,
    );
  });

  test('a stack of another account: whose credentials are needed', async () => {
    await using _ = await within({});
    await refuses(
      { stage: 'elsewhere', stages },
      /The stage is of account 444455556666: use credentials of that account\.$/,
    );
  });

  test('a stack whose first deploy failed: its state', async () => {
    await using _ = await within({
      stacks: { 'user-events-prod': { status: 'ROLLBACK_COMPLETE', outputs: {} } },
    });
    await refuses(
      prod,
      /^The stack user-events-prod is ROLLBACK_COMPLETE: no pipeline is deployed in it/,
    );
  });

  test('a stack of an older version: the output that it lacks', async () => {
    const { Version: _, ...older } = outputs;
    await using __ = await within({
      ...deployed,
      stacks: { 'user-events-prod': { outputs: older } },
    });
    await refuses(
      prod,
      /^The stack user-events-prod has no output Version: deploy it by this version first\.$/,
    );
  });

  for (const [operation, action] of [
    ['DescribeStacks', 'cloudformation:DescribeStacks'],
    ['GetFunctionConfiguration', 'lambda:GetFunctionConfiguration'],
    ['GetEventSourceMapping', 'lambda:GetEventSourceMapping'],
  ] as const)
    test(`credentials that may not ${operation}: the action that they lack`, async () => {
      const denied = { name: 'AccessDeniedException', message: 'not authorized', status: 403 };
      await using _ = await within({
        ...deployed,
        refuse: (one) => (one === operation ? denied : undefined),
      });
      await refuses(prod, new RegExp(`^The credentials may not reach .*: they need ${action} \\(`));
    });

  test('a function or a mapping that was deleted by hand: that a deploy makes it again', async () => {
    await using _ = await within({ ...deployed, mappings: {} });
    await refuses(
      prod,
      /names the event source mapping a-mapping, which is not there: it was deleted/,
    );
  });

  test('expired and unknown credentials: to log in again, and what may be wrong', async () => {
    let name = 'ExpiredToken';
    await using _ = await within({ refuse: () => ({ name, message: 'no', status: 403 }) });
    await refuses(prod, /^The credentials of AWS have expired .*aws sso login/);
    name = 'InvalidClientTokenId';
    await refuses(prod, /^AWS does not know the credentials .*AWS_PROFILE or AWS_ACCESS_KEY_ID/);
  });

  test('an endpoint that nobody answers at: the network and the region', async () => {
    const aws = await within(deployed);
    await aws[Symbol.asyncDispose]();
    process.env['AWS_MAX_ATTEMPTS'] = '1';
    await refuses(prod, /^AWS is not reached, .*ECONNREFUSED/);
  });
});
