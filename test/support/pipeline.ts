import { randomUUID } from 'node:crypto';
import {
  type EventSourceMappingOptions,
  startEventSourceMapping,
  startFunction,
} from 'local-kafka-trigger';
import type { Environment } from '../../functions/ingest/settings/read-settings.ts';
import { bundleFunction } from '../../local/bundle.ts';
import { agrees, compare } from '../../local/dataset/comparison.ts';
import { createExpectedTables } from '../../local/dataset/expected-tables.ts';
import { generate } from '../../local/dataset/generator.ts';
import { produce } from '../../local/dataset/producer.ts';
import { createTopic } from '../../local/dataset/topic.ts';
import { openKeyspace } from '../../local/keyspace.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { testServers } from './test-environment.ts';

/** Opens a pipeline: Kafka, the function in its own process, Cassandra, and a topic of the expected records. */
export const openPipeline = async (
  events: number,
  seed: number,
  settings: Partial<Environment> = {},
  servers = testServers(),
) => {
  const { bootstrapServers } = servers;
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await temporaryFolder('test-function'));
  const bundle = await bundleFunction(folder.path);
  const partitions = 5;
  const keyspace = opened.use(await openKeyspace(servers, settings));
  const topic = opened.use(await createTopic(bootstrapServers, `test-${randomUUID()}`, partitions));
  const ingest = opened.use(
    await startFunction({
      handler: bundle,
      environment: { ...keyspace.environment },
      timeoutSeconds: 30,
      onLog: () => {},
    }),
  );
  const expectedTables = createExpectedTables(partitions);
  await produce({
    bootstrapServers,
    topic: topic.name,
    records: generate({
      seed,
      partitions,
      startTime: Date.UTC(2026, 2, 10, 23, 59),
      step: 24,
    }).take(events),
    onProduced: (records) => {
      for (const record of records) expectedTables.add(record);
    },
  });
  const ends = new Map(
    expectedTables.partitions.map(({ nextOffset }, number) => [number, nextOffset]),
  );
  const consumerGroup = keyspace.config.consumerGroup;
  const owned = opened.move();
  return {
    ingest,
    ends,
    keyspace,
    topic: topic.name,
    expectedTables,
    startMapping: (given: Partial<EventSourceMappingOptions>) =>
      startEventSourceMapping({
        brokers: bootstrapServers,
        topic: topic.name,
        consumerGroup,
        invoke: ingest.invoke,
        batchSize: 200,
        maxBatchingWindowMs: 50,
        ...given,
      }),
    /** Lists the rows of all tables that differ from the expected ones. */
    wrong: async () => {
      const found = await compare({
        reader: keyspace,
        keyspace: keyspace.name,
        topic: topic.name,
        consumerGroup,
        expectedTables,
      });
      return found.filter((one) => !agrees(one));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
