import { deepStrictEqual, ok } from 'node:assert/strict';
import { Admin } from '@platformatic/kafka';
import { tableNames } from '../../../schema/tables.ts';
import type { Rehearsal, Scenario } from '../rehearsal.ts';
import type { Stage } from '../stages.ts';

/** Lists the resources that outlive a stack, in the order of its deletion. */
const keptOf = async (rehearsal: Rehearsal, { stackName }: Stage): Promise<string[]> => {
  const { retained } = await rehearsal.state();
  return retained.filter(({ stack }) => stack === stackName).map(({ type }) => type);
};

/** Takes a stage through a first deploy, a diff, a second deploy, and a destroy. */
const throughItsLife = async (rehearsal: Rehearsal, stage: Stage): Promise<void> => {
  await rehearsal.deploy(stage);
  await rehearsal.isIn(stage, 'CREATE_COMPLETE');
  await rehearsal.noDifference(stage);
  await rehearsal.deployAgain(stage);
  await rehearsal.destroy(stage);
};

const tablesIn = async ({ world }: Rehearsal, { sink }: Stage): Promise<string[]> => {
  const { rows } = await world.cassandra.execute(
    'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?',
    [sink.keyspace],
  );
  return rows.map((row) => row['table_name']).sort();
};

/** Counts the records that a topic has had. */
const recordsOf = async (brokers: string, topic: string): Promise<number> => {
  const admin = new Admin({ clientId: 'rehearsal', bootstrapBrokers: [brokers] });
  try {
    const metadata = await admin.metadata({ topics: [topic] });
    const length = metadata.topics.get(topic)?.partitionsCount ?? 0;
    const partitions = Array.from({ length }, (_, partitionIndex) => ({
      partitionIndex,
      timestamp: -1n, // The end of the partition.
    }));
    const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
    return Number(listed?.partitions.reduce((sum, { offset }) => sum + offset, 0n));
  } finally {
    await admin.close();
  }
};

/** The scenarios of each stage in the docs and in cdk.json, from the first deploy to the destroy. */
export const deploys: readonly Scenario[] = [
  {
    name: 'the documented stage is deployed, differs in nothing, is deployed again, and leaves its tables',
    async run(rehearsal) {
      const { prod } = rehearsal.stages;
      await throughItsLife(rehearsal, prod);
      const kept = await keptOf(rehearsal, prod);
      deepStrictEqual(kept.toSorted(), [
        'AWS::Cassandra::Keyspace',
        ...tableNames.map(() => 'AWS::Cassandra::Table'),
        'AWS::S3::Bucket',
      ]);
    },
  },
  {
    name: 'self-managed Kafka and a Cassandra with TLS and a password: the deploy makes the tables',
    onServers: true,
    async run(rehearsal) {
      const stage = await rehearsal.inAVpc(rehearsal.stages['example-self-managed']);
      await rehearsal.deploy(stage);
      deepStrictEqual(await tablesIn(rehearsal, stage), tableNames.toSorted());
      await rehearsal.noDifference(stage);
      await rehearsal.destroy(stage);
      deepStrictEqual(await tablesIn(rehearsal, stage), tableNames.toSorted());
      await rehearsal.deploy(stage, 'deploy after the destroy: it takes the tables');
    },
  },
  {
    name: 'the demo’s deploy makes its topic and a minute’s events, and its end leaves nothing behind',
    onServers: true,
    async run(rehearsal) {
      const { demo } = rehearsal.stages;
      await rehearsal.deploy(demo);
      const count = await rehearsal.step('count the topic’s records', () =>
        recordsOf(rehearsal.world.brokers, demo.topic),
      );
      ok(count >= 600, `${count} records`);
      await rehearsal.noDifference(demo);
      await rehearsal.destroy(demo);
      deepStrictEqual(await keptOf(rehearsal, demo), []);
    },
  },
  {
    name: 'a mapping on demand is deployed, and differs in nothing',
    async run(rehearsal) {
      const stage = rehearsal.stages['on-demand'];
      await rehearsal.deploy(stage);
      await rehearsal.noDifference(stage);
    },
  },
  {
    name: 'a key of one’s own, a queue, provisioned capacity: deployed, and all that holds data stays',
    async run(rehearsal) {
      const stage = rehearsal.stages['own-key'];
      await rehearsal.deploy(stage);
      await rehearsal.noDifference(stage);
      await rehearsal.destroy(stage);
      const kept = await keptOf(rehearsal, stage);
      for (const type of ['AWS::KMS::Key', 'AWS::SQS::Queue', 'AWS::Cassandra::Table'])
        ok(kept.includes(type), `${type} stays`);
    },
  },
  {
    name: 'removal destroy leaves nothing, and the stage can be deployed again',
    inCi: false,
    async run(rehearsal) {
      const stage = rehearsal.stages.destroyed;
      await rehearsal.deploy(stage);
      await rehearsal.destroy(stage);
      deepStrictEqual(await keptOf(rehearsal, stage), []);
      await rehearsal.deploy(stage, 'deploy after the destroy');
    },
  },
  {
    name: 'the example of cdk.json is deployed, differs in nothing, is deployed again, and destroyed',
    inCi: false,
    run: (rehearsal) => throughItsLife(rehearsal, rehearsal.stages.example),
  },
  {
    name: 'a function in a VPC with endpoints is deployed, and differs in nothing',
    inCi: false,
    async run(rehearsal) {
      const stage = await rehearsal.inAVpc(rehearsal.stages.endpoints);
      await rehearsal.deploy(stage);
      await rehearsal.noDifference(stage);
    },
  },
];
