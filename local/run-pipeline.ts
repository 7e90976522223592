import { randomBytes } from 'node:crypto';
import { awsVariables } from './aws-variables.ts';
import { agrees, compare, type TableComparison } from './dataset/comparison.ts';
import { createExpectedTables } from './dataset/expected-tables.ts';
import { expectedIn, formatOf } from './dataset/formats.ts';
import type { GeneratedRecord } from './dataset/generated-record.ts';
import { generate } from './dataset/generator.ts';
import { produce } from './dataset/producer.ts';
import { startTimeOf } from './dataset/start-time.ts';
import { createTopic } from './dataset/topic.ts';
import { startEventSourceMapping } from './event-source-mapping/event-source-mapping.ts';
import type { BatchReport } from './event-source-mapping/options.ts';
import { bundleFunction } from './function/bundle.ts';
import { startFunction } from './function/function-process.ts';
import { countLine, createFunctionCounts } from './function-counts.ts';
import { openKeyspace } from './keyspace.ts';
import { openServers } from './open-servers.ts';
import type { StartOptions } from './options.ts';
import { print } from './print.ts';
import { createProgress } from './progress.ts';
import { printComplaints, printReport, printRound } from './report.ts';
import { startSchemaRegistry } from './servers/schema-registry.ts';
import { temporaryFolder } from './servers/watchdog.ts';
import { unless } from './stopping.ts';

const timeoutSeconds = 60;
/** The events a second with --follow, unless a rate is given. */
const followRate = 1_000;
/** The milliseconds between the times of two events: 100,000 events are 20 minutes. */
const eventStep = 12;

/**
 * Runs Kafka, the function and Cassandra on this machine. All that is opened is closed at the end.
 * @returns the exit code: 0 only where every row of every table is as the generator expects.
 */
export const runPipeline = async (options: StartOptions, signal: AbortSignal): Promise<number> => {
  const { events, partitions, seed, follow } = options;
  const format = formatOf(options.format);
  const rate = options.rate ?? (follow ? followRate : undefined);
  // Ctrl-C ends a run at once; with --follow, the events produced so far are compared first.
  const impatience = follow ? new AbortController().signal : signal;

  await using servers = await openServers({ ...options, onStep: print, signal });
  impatience.throwIfAborted();
  await using registry = format.schemas === null ? null : await startSchemaRegistry(format.schemas);
  await using keyspace = await openKeyspace(servers, registry?.environment);
  const name = `user-events-${randomBytes(4).toString('hex')}`;
  await using topic = await createTopic(servers.bootstrapServers, name, partitions);
  await using folder = await temporaryFolder('user-events-function');
  const bundle = await bundleFunction(folder.path);

  const counts = createFunctionCounts();
  await using ingest = await startFunction({
    bundle,
    environment: { ...awsVariables(), ...keyspace.environment },
    timeoutSeconds,
    onLog: (line) => countLine(counts, line),
  });
  const expectedTables = createExpectedTables(partitions, {
    expectedOf: expectedIn(format),
  });
  const progress = createProgress();
  await using mapping = await startEventSourceMapping({
    connection: { bootstrapServers: servers.bootstrapServers },
    topic: name,
    consumerGroup: keyspace.config.consumerGroup,
    source: selfManaged(servers.bootstrapServers),
    invoke: ingest.invoke,
    batchSize: options.batchSize,
    onBatch: (report) => progress.handled(handledRecords(report)),
  });
  print(
    `Kafka at ${servers.bootstrapServers.join(',')}, topic ${topic.name}; ` +
      `Cassandra at ${keyspace.config.contactPoints.join(',')}, keyspace ${keyspace.name}.`,
  );

  // At a fixed rate, the events' times advance no faster than the clock, so that they never run ahead of it.
  const step = rate === undefined ? eventStep : Math.min(eventStep, 1000 / rate);
  const startTime = startTimeOf(Date.now(), events * step);
  const records = generate({ seed, partitions, startTime, step, encode: format.encode });

  const round = async (): Promise<TableComparison[]> => {
    progress.start(events);
    try {
      await produce({
        bootstrapServers: servers.bootstrapServers,
        topic: name,
        records: take(records, events),
        rate,
        signal,
        onProduced: (produced) => {
          for (const record of produced) expectedTables.add(record);
          progress.produced(produced.length);
        },
      });
      impatience.throwIfAborted();
      const ends = new Map(
        expectedTables.partitions.map(({ nextOffset }, number) => [number, nextOffset]),
      );
      await unless(impatience, mapping.drained(ends));
    } finally {
      progress.stop();
    }
    return compare({
      reader: keyspace,
      keyspace: keyspace.name,
      topic: name,
      consumerGroup: keyspace.config.consumerGroup,
      expectedTables,
    });
  };

  try {
    let tables = await round();
    for (let number = 1; follow && !signal.aborted && tables.every(agrees); number += 1) {
      printRound(number, expectedTables, tables);
      // A soak test runs for days: rows that were right are dropped.
      for (const table of ['user_events', 'rejected_events'])
        await keyspace.client.execute(`TRUNCATE ${keyspace.name}.${table}`, [], { prepare: false });
      expectedTables.forgetRows();
      tables = await round();
    }
    await printReport({
      expectedTables,
      tables,
      counts,
      mapping: mapping.counts(),
      progress,
      keyspace,
    });
    const right = tables.every(agrees);
    if (!right) printComplaints(counts.complaints);
    return right ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) printComplaints(counts.complaints);
    throw error;
  }
};

/** Takes some records and leaves the stream open for the next round; Iterator's own take() would end it. */
const take = function* (
  records: Iterator<GeneratedRecord>,
  count: number,
): Generator<GeneratedRecord> {
  for (let taken = 0; taken < count; taken += 1) yield records.next().value as GeneratedRecord;
};

const handledRecords = ({ partitions }: BatchReport): number =>
  partitions.reduce((sum, { records, toRetry }) => sum + records - toRetry, 0);

const selfManaged = (bootstrapServers: readonly string[]) =>
  ({ kind: 'self-managed', bootstrapServers: bootstrapServers.join(',') }) as const;
