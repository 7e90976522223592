import { deepStrictEqual, match, notDeepStrictEqual, ok } from 'node:assert/strict';
import { tableNames } from '../../../schema/tables.ts';
import type { Rehearsal, Scenario } from '../rehearsal.ts';
import { another, type Stage } from '../stages.ts';

const mappingType = 'AWS::Lambda::EventSourceMapping';

/** Lists the stateful resources of a stack: type and physical id, sorted. */
const statefulOf = async (rehearsal: Rehearsal, stage: Stage): Promise<string[]> => {
  const kinds = /^AWS::(Cassandra::|S3::Bucket$|SQS::Queue$|KMS::Key|Lambda::EventSourceMapping)/;
  const found = await rehearsal.resources(stage, kinds);
  return found.map(({ type, id }) => `${type} ${id}`).sort();
};

/** Lists the topics that are really read, from the mappings of the stage's function at Lambda. */
const topicsRead = async (rehearsal: Rehearsal, stage: Stage): Promise<string[]> => {
  const { id } = await rehearsal.ingestFunction(stage);
  const { mappings } = await rehearsal.state();
  return Object.values(mappings)
    .filter(({ FunctionArn }) => FunctionArn.endsWith(`:${id}`))
    .flatMap(({ Topics }) => Topics);
};

/** Checks an update that AWS's API cannot do: it must be done by another mapping, or be refused with the setting's name. */
const neverInSilence = async (
  rehearsal: Rehearsal,
  before: Stage,
  after: Stage,
  setting: RegExp,
): Promise<void> => {
  await rehearsal.deploy(before);
  const mapping = await rehearsal.resources(before, mappingType);
  const { code, output } = await rehearsal.tryDeploy(after, 'deploy the change');
  if (code === 0) {
    deepStrictEqual(await topicsRead(rehearsal, after), [after.topic]);
    notDeepStrictEqual(await rehearsal.resources(after, mappingType), mapping);
    return;
  }
  match(output, setting);
  deepStrictEqual(await topicsRead(rehearsal, before), [before.topic]);
  deepStrictEqual(await rehearsal.resources(before, mappingType), mapping);
  await rehearsal.deploy(before, 'deploy what was there before');
};

/** The scenarios of updates, one of each kind. */
export const updates: readonly Scenario[] = [
  {
    name: 'memory, batch size and an alarm are changed in place: nothing that holds data is another',
    async run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'in-place');
      const after = {
        ...before,
        function: { memory: 1024 },
        mapping: { batchSize: 500 },
        alarms: { maxOffsetLag: 5000 },
      };
      await rehearsal.deploy(before);
      const stateful = await statefulOf(rehearsal, before);
      await rehearsal.deploy(after, 'deploy the change');
      await rehearsal.isIn(after, 'UPDATE_COMPLETE');
      deepStrictEqual(await statefulOf(rehearsal, after), stateful);
      deepStrictEqual((await rehearsal.ingestFunction(after)).properties['MemorySize'], 1024);
      await rehearsal.noDifference(after);
    },
  },
  {
    name: 'another keyspace has tables of its own, and the old ones stay',
    async run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'keyspace');
      const sink = { ...before.sink, keyspace: 'user_events_keyspace_2' };
      await rehearsal.deploy(before);
      await rehearsal.deploy({ ...before, sink }, 'deploy with another keyspace');
      await rehearsal.isIn(before, 'UPDATE_COMPLETE');
      const { keyspaces } = await rehearsal.state();
      for (const name of [before.sink.keyspace, sink.keyspace])
        deepStrictEqual(Object.keys(keyspaces[name] ?? {}).length, tableNames.length);
    },
  },
  {
    name: 'another key of the tables in the same keyspace is refused, and all is as it was',
    async run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'bucket');
      await rehearsal.deploy(before);
      const stateful = await statefulOf(rehearsal, before);
      const { keyspaces } = await rehearsal.state();
      await rehearsal.deployFails(
        { ...before, environment: { BUCKET: 'hour' } },
        /user_events' already exists/,
      );
      await rehearsal.isIn(before, 'UPDATE_ROLLBACK_COMPLETE');
      deepStrictEqual(await statefulOf(rehearsal, before), stateful);
      deepStrictEqual(
        (await rehearsal.state()).keyspaces[before.sink.keyspace],
        keyspaces[before.sink.keyspace],
      );
    },
  },
  {
    name: 'another topic is read by another mapping, or refused with the way',
    run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'topic');
      return neverInSilence(rehearsal, before, { ...before, topic: 'another' }, /topic/i);
    },
  },
  {
    name: 'another topic with the next mapping.generation is read by another mapping alone',
    async run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'generation');
      const after = { ...before, topic: 'another', mapping: { generation: 2 } };
      await rehearsal.deploy(before);
      const [first] = await rehearsal.resources(before, mappingType);
      await rehearsal.deploy(after, 'deploy the next generation');
      const [second] = await rehearsal.resources(after, mappingType);
      ok(first?.id !== second?.id);
      deepStrictEqual(await topicsRead(rehearsal, after), ['another']);
      await rehearsal.noDifference(after);
    },
  },
  {
    name: 'another consumer group is taken by another mapping, or refused with the way',
    run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'group');
      const after = { ...before, consumerGroup: 'another-group' };
      return neverInSilence(rehearsal, before, after, /consumer ?group/i);
    },
  },
  {
    name: 'another starting position is taken by another mapping, or refused with the way',
    inCi: false,
    run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'position');
      const after = { ...before, mapping: { startingPosition: 'latest' } };
      return neverInSilence(rehearsal, before, after, /starting|position|already exists/i);
    },
  },
  {
    name: 'failed batches go from a bucket to a queue in two deploys, not in one, and the bucket stays',
    inCi: false,
    async run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'destination');
      await rehearsal.deploy(before);
      const { resources } = await rehearsal.stack(before);
      const after = { ...before, onFailure: { kind: 'sqs' } };
      await rehearsal.deployFails(after, /Update of resource type is not permitted/);
      deepStrictEqual((await rehearsal.stack(before)).resources, resources);
      const without = { ...before, onFailure: { kind: 'none' }, mapping: { retryAttempts: -1 } };
      await rehearsal.deploy(without, 'deploy without a destination');
      await rehearsal.deploy(after, 'deploy with a queue');
      const { retained } = await rehearsal.state();
      const kept = retained.filter(({ stack }) => stack === before.stackName);
      deepStrictEqual(
        kept.map(({ type }) => type),
        ['AWS::S3::Bucket'],
      );
    },
  },
  {
    name: 'a provisioned mapping is put on demand by a deploy',
    inCi: false,
    async run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'to-on-demand');
      await rehearsal.deploy(before);
      const after = { ...before, mapping: { pollers: 'on-demand' } };
      await rehearsal.deploy(after, 'deploy on demand');
      await rehearsal.noDifference(after);
    },
  },
  {
    name: 'the function leaves its VPC by a deploy',
    inCi: false,
    async run(rehearsal) {
      const named = another(rehearsal.stages.endpoints, 'out-of-vpc');
      const before = await rehearsal.inAVpc(named);
      await rehearsal.deploy(before);
      const { network: _, ...after } = before;
      await rehearsal.deploy(after as Stage, 'deploy without network');
      await rehearsal.noDifference(after as Stage);
    },
  },
];
