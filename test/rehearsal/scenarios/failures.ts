import { deepStrictEqual, doesNotMatch, match, ok } from 'node:assert/strict';
import { tableNames } from '../../../schema/tables.ts';
import type { Rehearsal, Scenario } from '../rehearsal.ts';
import { another, type Stage } from '../stages.ts';

const mappingType = 'AWS::Lambda::EventSourceMapping';

/** Runs a first deploy whose mapping cannot be created, and the next one, which must succeed. */
const afterAFailedFirst = async (rehearsal: Rehearsal, stage: Stage): Promise<void> => {
  await rehearsal.plant(stage, 'create', mappingType);
  await rehearsal.deployFails(stage, /planted: no create/, 'first deploy, which fails');
  await rehearsal.isIn(stage, 'ROLLBACK_COMPLETE');
  await rehearsal.deploy(stage, 'deploy after it');
  await rehearsal.isIn(stage, 'CREATE_COMPLETE');
};

/** Finds the indices of the events at which the creation of a type begins, or is done. */
const when = async (rehearsal: Rehearsal, stage: Stage, type: RegExp, status: string) => {
  const { events, resources } = await rehearsal.stack(stage);
  return events.flatMap(({ LogicalResourceId, ResourceStatus }, index) =>
    ResourceStatus === status && type.test(resources[LogicalResourceId]?.type ?? '') ? [index] : [],
  );
};

/** Checks that a resource is created after others. The emulator creates custom resources and mappings as soon as the template allows. */
const isMadeAfter = async (rehearsal: Rehearsal, stage: Stage, late: RegExp, early: RegExp) => {
  const [begins = -1] = await when(rehearsal, stage, late, 'CREATE_IN_PROGRESS');
  const done = await when(rehearsal, stage, early, 'CREATE_COMPLETE');
  ok(begins >= 0 && done.length > 0, 'both are in the stack');
  for (const index of done) ok(index < begins, `${late} is made before ${early}`);
};

/** The scenarios of failures, with the state of the stack afterwards. */
export const failures: readonly Scenario[] = [
  {
    name: 'Keyspaces: a first deploy that fails does not keep the next one from working',
    run: (rehearsal) => afterAFailedFirst(rehearsal, another(rehearsal.stages.prod, 'first')),
  },
  {
    name: 'Cassandra: a first deploy that fails does not keep the next one from working',
    onServers: true,
    run: (rehearsal) =>
      afterAFailedFirst(rehearsal, another(rehearsal.stages.cassandra, 'first-cassandra')),
  },
  {
    name: 'Keyspaces: what a destroyed stack has left is taken by --import-existing-resources',
    async run(rehearsal) {
      const stage = another(rehearsal.stages.prod, 'import');
      await rehearsal.deploy(stage);
      await rehearsal.destroy(stage);
      await rehearsal.deployFails(stage, /already exists/);
      await rehearsal.deploy(stage, 'deploy --import-existing-resources', [
        '--import-existing-resources',
      ]);
      deepStrictEqual(
        (await rehearsal.resources(stage, 'AWS::Cassandra::Table')).length,
        tableNames.length,
      );
    },
  },
  {
    name: 'tables of others become the stack’s own by --import-existing-resources',
    inCi: false,
    async run(rehearsal) {
      const first = another(rehearsal.stages.prod, 'owner');
      await rehearsal.deploy(first);
      await rehearsal.destroy(first);
      const sink = { ...first.sink, tables: { create: false } };
      await rehearsal.deploy({ ...first, sink }, 'deploy with tables.create: false');
      await rehearsal.deploy(first, 'deploy --import-existing-resources', [
        '--import-existing-resources',
      ]);
      deepStrictEqual(
        (await rehearsal.resources(first, 'AWS::Cassandra::Table')).length,
        tableNames.length,
      );
    },
  },
  {
    name: 'an update of which one resource fails is rolled back, and the next deploy works',
    async run(rehearsal) {
      const before = another(rehearsal.stages.prod, 'rollback');
      const after = { ...before, function: { memory: 1024 }, alarms: { maxOffsetLag: 5000 } };
      await rehearsal.deploy(before);
      const { resources } = await rehearsal.stack(before);
      await rehearsal.plant(after, 'update', 'AWS::CloudWatch::Alarm');
      await rehearsal.deployFails(after, /planted: no update/);
      await rehearsal.isIn(before, 'UPDATE_ROLLBACK_COMPLETE');
      deepStrictEqual((await rehearsal.stack(before)).resources, resources);
      await rehearsal.deploy(after, 'deploy after it');
      await rehearsal.isIn(after, 'UPDATE_COMPLETE');
    },
  },
  {
    name: 'Cassandra: a rollback after an ALTER that was run as told ends',
    onServers: true,
    async run(rehearsal) {
      const stage = another(rehearsal.stages.cassandra, 'alter', {
        alarms: { maxOffsetLag: 1000 },
      });
      const withTtl = (userEventsTtlDays: number, alarms: object): Stage => ({
        ...stage,
        alarms,
        sink: {
          ...stage.sink,
          tables: { ...(stage.sink['tables'] as object), userEventsTtlDays },
        },
      });
      await rehearsal.deploy(withTtl(30, { maxOffsetLag: 1000 }));
      const after = withTtl(60, { maxOffsetLag: 5000 });
      const told = await rehearsal.deployFails(after, /ALTER TABLE/, 'deploy another TTL: told');
      await rehearsal.isIn(stage, 'UPDATE_ROLLBACK_COMPLETE');
      match(told, /default_time_to_live = 5184000/);
      await rehearsal.step('ALTER TABLE, as told', () =>
        rehearsal.world.cassandra.execute(
          `ALTER TABLE ${stage.sink.keyspace}.user_events WITH default_time_to_live = 5184000`,
        ),
      );
      await rehearsal.plant(after, 'update', 'AWS::CloudWatch::Alarm');
      await rehearsal.deployFails(after, /planted: no update/, 'deploy; an alarm fails');
      await rehearsal.isIn(stage, 'UPDATE_ROLLBACK_COMPLETE');
      await rehearsal.deploy(after, 'deploy after it');
      await rehearsal.isIn(stage, 'UPDATE_COMPLETE');
    },
  },
  {
    name: 'Cassandra: three foreign tables are told of in an answer that CloudFormation takes',
    onServers: true,
    async run(rehearsal) {
      const stage = another(rehearsal.stages.cassandra, 'foreign');
      const { cassandra } = rehearsal.world;
      const { keyspace } = stage.sink;
      await rehearsal.step('three foreign tables', async () => {
        await cassandra.execute(
          `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}`,
        );
        const columns = Array.from({ length: 30 }, (_, index) => `a_foreign_column_${index} text`);
        for (const table of ['user_events', 'rejected_events', 'partition_watermarks'])
          await cassandra.execute(
            `CREATE TABLE ${keyspace}.${table} (${columns.join(', ')}, PRIMARY KEY (a_foreign_column_0))`,
          );
      });
      const said = await rehearsal.deployFails(stage, /user_events/);
      doesNotMatch(said, /Response object is too long/);
      await rehearsal.isIn(stage, 'ROLLBACK_COMPLETE');
    },
  },
  {
    name: 'the tables are made only when the network lets the function out',
    onServers: true,
    async run(rehearsal) {
      const named = another(rehearsal.stages['example-self-managed'], 'network-first');
      const stage = await rehearsal.inAVpc(named);
      await rehearsal.deploy(stage);
      const rules = /^AWS::EC2::SecurityGroup(Egress|Ingress)$/;
      await isMadeAfter(rehearsal, stage, /^Custom::CassandraTables$/, rules);
    },
  },
  {
    name: 'the mapping is made only when the function reaches Keyspaces by its endpoint',
    async run(rehearsal) {
      const named = another(rehearsal.stages.endpoints, 'endpoint-first');
      const stage = await rehearsal.inAVpc(named);
      await rehearsal.deploy(stage);
      const mapping = /^AWS::Lambda::EventSourceMapping$/;
      await isMadeAfter(rehearsal, stage, mapping, /^AWS::EC2::VPCEndpoint$/);
      await isMadeAfter(rehearsal, stage, mapping, /^AWS::EC2::SecurityGroup(Egress|Ingress)$/);
    },
  },
  {
    name: 'a stack with termination protection is not destroyed, and says what it has made',
    async run(rehearsal) {
      const stage = another(rehearsal.stages.prod, 'protected', { terminationProtection: true });
      await rehearsal.deploy(stage);
      const { protected: isProtected, outputs } = await rehearsal.stack(stage);
      ok(isProtected);
      const [mapping] = await rehearsal.resources(stage, mappingType);
      ok(Object.values(outputs).includes(mapping?.id ?? 'none'), 'the mapping is an output');
      await rehearsal.destroyFails(stage, /TerminationProtection is enabled/);
    },
  },
];
