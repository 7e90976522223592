import { randomBytes } from 'node:crypto';
import { configuredDecoder } from '../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import { eventPlan } from '../schema/event-plan.ts';
import { awsVariables } from './aws-variables.ts';
import { agrees, compare, type TableComparison } from './dataset/comparison.ts';
import { createExpectedTables, type ExpectedTables } from './dataset/expected-tables.ts';
import { expectedIn, formatOf } from './dataset/formats.ts';
import type { GeneratedRecord } from './dataset/generated-record.ts';
import { generate } from './dataset/generator.ts';
import { produce } from './dataset/producer.ts';
import { expectShared } from './dataset/shared-topic.ts';
import { startTimeOf } from './dataset/start-time.ts';
import { createTopic } from './dataset/topic.ts';
import { startEventSourceMapping } from './event-source-mapping/event-source-mapping.ts';
import type { BatchReport } from './event-source-mapping/options.ts';
import { bundleFunction } from './function/bundle.ts';
import { startFunction } from './function/function-process.ts';
import { countLine, createFunctionCounts } from './function-counts.ts';
import { createGate } from './gate.ts';
import { cqlshLines, handOver } from './hand-over.ts';
import { type Keyspace, openKeyspace } from './keyspace.ts';
import { openServers, type Servers } from './open-servers.ts';
import { followRate, type StartOptions } from './options.ts';
import { print, printJson, printStep } from './print.ts';
import { createProgress } from './progress.ts';
import { printComplaints, printReport, reportJson } from './report.ts';
import { addRound, type Round, roundText } from './round-text.ts';
import { startSchemaRegistry } from './servers/schema-registry.ts';
import { temporaryFolder } from './servers/watchdog.ts';
import { afterAbort, endAtLatest, unless, untilAnswered } from './stopping.ts';
import { isWatched, untilEnter } from './until-enter.ts';
import { watchServers } from './watch-servers.ts';

const timeoutSeconds = 60;
/** The milliseconds for which Ctrl-C waits for the comparison of the events produced so far, with --follow. */
const patienceMs = 5_000;
/** The milliseconds between the times of two events: 100,000 events are 20 minutes. */
const eventStep = 12;

/**
 * Runs Kafka, the function and Cassandra on this machine. All that is opened is closed at the end.
 * @returns the exit code: 0 only where every row of every table is as the generator expects.
 */
export const runPipeline = async (options: StartOptions, signal: AbortSignal): Promise<number> => {
  const { events, partitions, seed, follow } = options;
  const format = formatOf(options.format);
  // A report for programs stands alone on standard output.
  const tell = options.json ? printStep : print;
  const rate = options.rate ?? (follow ? followRate : undefined);
  // Ctrl-C ends a run at once; with --follow, the events produced so far are compared first, if the servers answer.
  const patience = new AbortController();
  const impatience = follow ? patience.signal : signal;
  using _patience = afterAbort(signal, patienceMs, () => patience.abort(signal.reason));

  await using servers = await openServers({ ...options, onStep: tell, signal });
  impatience.throwIfAborted();
  using _ending = endAtLatest(signal);
  await using registry = format.schemas === null ? null : await startSchemaRegistry(format.schemas);
  await using keyspace = await openKeyspace(servers, registry?.environment);
  const name = `user-events-${randomBytes(4).toString('hex')}`;
  const topic = await createTopic(servers.bootstrapServers, name, partitions);
  // A Kafka that was started here goes with its topics.
  await using _topic = servers.externalKafka ? topic : null;
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
  const progress = createProgress(!follow);
  const gate = createGate(ingest.invoke);
  await using mapping = await startEventSourceMapping({
    connection: { bootstrapServers: servers.bootstrapServers },
    topic: name,
    consumerGroup: keyspace.config.consumerGroup,
    source: selfManaged(servers.bootstrapServers),
    invoke: gate.call,
    batchSize: options.batchSize,
    onBatch: (report) => progress.handled(handledRecords(report)),
  });
  tell(
    `Kafka at ${servers.bootstrapServers.join(',')}, topic ${topic.name}; ` +
      `Cassandra at ${keyspace.config.contactPoints.join(',')}, keyspace ${keyspace.name}.`,
  );
  if (follow) print(`\n${following(servers, keyspace.name, topic.name)}\n`);
  await using _watch = watchServers(
    { kafka: { bootstrapServers: servers.bootstrapServers }, cassandra: keyspace.client },
    (sentence) => process.stderr.write(`\n${sentence}\n`),
  );

  // At a fixed rate, the events' times advance no faster than the clock, so that they never run ahead of it.
  const step = rate === undefined ? eventStep : Math.min(eventStep, 1000 / rate);
  const startTime = startTimeOf(Date.now(), events * step);
  const records = generate({
    seed,
    partitions,
    startTime,
    step,
    encode: format.encode,
    // Events of others are of now, and would make all older ones late.
    ...(follow && { clock: Date.now }),
  });
  const decoder = configuredDecoder(keyspace.config, new EventLayout(eventPlan(keyspace.config)));
  const shared = { bootstrapServers: servers.bootstrapServers, topic: name, decoder };

  const round = async (number: number): Promise<Round> => {
    const began = performance.now();
    const ours: GeneratedRecord[] = [];
    const others = expectedTables.counts.others;
    let producedAt = began;
    progress.start(events);
    try {
      await produce({
        bootstrapServers: servers.bootstrapServers,
        topic: name,
        records: take(records, events),
        rate,
        signal,
        isShared: follow,
        onProduced: (produced) => {
          if (follow) ours.push(...produced);
          else for (const record of produced) expectedTables.add(record);
          progress.produced(produced.length);
        },
      });
      producedAt = performance.now();
      impatience.throwIfAborted();
      await unless(impatience, mapping.drained(follow ? endsOf(ours) : ends(expectedTables)));
    } finally {
      progress.stop();
    }
    const handledAt = performance.now();
    if (follow) {
      await unless(impatience, gate.close());
      const handled = await untilAnswered(impatience, () => handledOffsets(keyspace));
      await expectShared(shared, expectedTables, ours, handled);
    }
    return {
      number,
      events: follow ? ours.length : events,
      seconds: { produced: (producedAt - began) / 1000, handled: (handledAt - began) / 1000 },
      others: expectedTables.counts.others - others,
      tables: await untilAnswered(impatience, () =>
        compare({
          reader: keyspace,
          keyspace: keyspace.name,
          topic: name,
          consumerGroup: keyspace.config.consumerGroup,
          expectedTables,
        }),
      ),
    };
  };

  try {
    let last = await round(1);
    let tables: readonly TableComparison[] = last.tables;
    while (follow && !signal.aborted && last.tables.every(agrees)) {
      print(roundText(last));
      // A soak test runs for days: rows that were right are dropped.
      for (const table of ['user_events', 'rejected_events'])
        await untilAnswered(impatience, () =>
          keyspace.client.execute(`TRUNCATE ${keyspace.name}.${table}`, [], { prepare: false }),
        );
      expectedTables.forgetRows();
      gate.open();
      last = await round(last.number + 1);
      tables = addRound(tables, last.tables);
    }
    const report = {
      expectedTables,
      tables,
      counts,
      mapping: mapping.counts(),
      progress,
      keyspace,
    };
    if (options.json) printJson(reportJson(report));
    else await printReport(report);
    const right = last.tables.every(agrees);
    if (!right) printComplaints(counts.complaints, tell);
    if (!follow && (options.keep ?? isWatched())) {
      tell(`\n${kept(servers, keyspace.name, topic.name)}`);
      await untilEnter(signal);
    }
    return right ? 0 : 1;
  } catch (error) {
    // The batch in flight may wait for a server that does not answer.
    ingest.kill();
    if (!signal.aborted) printComplaints(counts.complaints, tell);
    throw error;
  } finally {
    gate.open();
  }
};

/** The offsets after the last records of each partition. */
const endsOf = (records: readonly GeneratedRecord[]): Map<number, number> =>
  new Map(records.map(({ partition, offset }) => [partition, offset + 1]));

const ends = ({ partitions }: ExpectedTables): Map<number, number> =>
  new Map(partitions.map(({ nextOffset }, number) => [number, nextOffset]));

/** Reads the offset, by partition, below which the function says that it has handled every record. */
const handledOffsets = async (keyspace: Keyspace): Promise<Map<number, number>> => {
  const offsets = new Map<number, number>();
  const query = `SELECT partition, next_offset FROM ${keyspace.name}.partition_watermarks`;
  for await (const row of keyspace.stream(query))
    offsets.set(row['partition'], Number(row['next_offset']));
  return offsets;
};

const following = (servers: Servers, keyspace: string, topic: string): string =>
  `${handOver({ servers, keyspace }, [`npm run produce -- events/sample.jsonl --topic ${topic}`])}\n` +
  'Events of others are handled and counted. Each round ends with empty tables; for rows\n' +
  'that stay: npm run consume -- <topic>. Ctrl-C compares what was produced, and stops.';

const kept = (servers: Servers, keyspace: string, topic: string): string => {
  const given = { servers, keyspace };
  const look = 'npm run cql -- "SELECT * FROM user_events LIMIT 5"';
  return (
    `${handOver(given, [look, ...cqlshLines(given), `npm run inspect -- ${topic}`])}\n` +
    'Servers and rows are kept until Enter or Ctrl-C.'
  );
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
