import { randomBytes } from 'node:crypto';
import { type BatchReport, startEventSourceMapping, startFunction } from 'local-kafka-trigger';
import { startConsole } from '../cli/console/console.ts';
import { openTarget } from '../cli/target/open-target.ts';
import { tellRunning } from '../cli/target/running-file.ts';
import { print, printJson, printStep } from '../cli/terminal/print.ts';
import { createProgress } from '../cli/terminal/progress.ts';
import { afterAbort, endAtLatest, unless, untilAnswered } from '../cli/terminal/stopping.ts';
import { isWatched, untilEnter } from '../cli/terminal/until-enter.ts';
import { count } from '../cli/terminal/words.ts';
import { configuredDecoder } from '../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import { eventPlan } from '../schema/event-plan.ts';
import { awsVariables } from './aws-variables.ts';
import { bundleFunction } from './bundle.ts';
import { agrees, compare, type TableComparison } from './dataset/comparison.ts';
import { createExpectedTables, type ExpectedTables } from './dataset/expected-tables.ts';
import { expectedIn, formatOf } from './dataset/formats.ts';
import type { GeneratedRecord } from './dataset/generated-record.ts';
import { generate } from './dataset/generator.ts';
import { produce } from './dataset/producer.ts';
import { expectShared } from './dataset/shared-topic.ts';
import { startTimeOf } from './dataset/start-time.ts';
import { createTopic } from './dataset/topic.ts';
import { countLine, createFunctionCounts } from './function-counts.ts';
import { createGate } from './gate.ts';
import { cqlshLines, handOver } from './hand-over.ts';
import { type Keyspace, openKeyspace } from './keyspace.ts';
import { openServers, type Servers } from './open-servers.ts';
import { followRate, type StartOptions } from './options.ts';
import { printComplaints, printReport, reportJson } from './report.ts';
import { addRound, type Round, roundText } from './round-text.ts';
import { startSchemaRegistry } from './servers/schema-registry.ts';
import { temporaryFolder } from './servers/temporary-folder.ts';
import { watchServers } from './watch-servers.ts';

const timeoutSeconds = 60;
/** The milliseconds for which Ctrl-C waits for the comparison of the events produced so far, with --follow. */
const patienceMs = 5_000;
/** The rows that the tables have with --follow before they are emptied: those of some minutes, which are compared each round. */
const rowsKept = 60_000;
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
    handler: bundle,
    environment: { ...awsVariables(), ...keyspace.environment },
    timeoutSeconds,
    onLog: (line) => countLine(counts, line),
  });
  const expectedTables = createExpectedTables(partitions, {
    expectedOf: expectedIn(format),
    // Whoever looks on may write late events after all.
    redrives: follow,
  });
  const progress = createProgress(!follow);
  const gate = createGate(ingest.invoke);
  await using mapping = await startEventSourceMapping({
    brokers: servers.bootstrapServers,
    topic: name,
    consumerGroup: keyspace.config.consumerGroup,
    invoke: gate.call,
    batchSize: options.batchSize,
    onBatch: (report) => progress.handled(handledRecords(report)),
  });
  using _told = tellRunning({
    command: 'npm start',
    topic: name,
    bootstrapServers: servers.bootstrapServers,
    environment: keyspace.environment,
  });
  tell(
    `Kafka at ${servers.bootstrapServers.join(',')}, topic ${topic.name}; ` +
      `Cassandra at ${keyspace.config.contactPoints.join(',')}, keyspace ${keyspace.name}.`,
  );
  await using _console = follow
    ? await startConsole(
        {
          signal,
          caller: async () => 'npm start',
          openTarget: (given) =>
            openTarget({ ...given, stage: 'follow' }, async () => ({
              name: 'npm start -- --follow',
              environment: keyspace.environment,
              topic: name,
              stack: null,
              kafka: async () => ({ bootstrapServers: servers.bootstrapServers }),
            })),
        },
        { port: 0 },
      )
    : null;
  if (_console !== null)
    print(`\n${following(servers, keyspace.name, topic.name, _console.url)}\n`);
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
    ...(follow && { clock: Date.now, bursts: true }),
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
    /** The comparisons of the rows that the tables no longer have. */
    let emptied: readonly TableComparison[] = [];
    let tables: readonly TableComparison[] = last.tables;
    while (follow && !signal.aborted && last.tables.every(agrees)) {
      print(roundText(last));
      // A soak test runs for days: rows that were right are dropped when they have become many.
      if (sum(last.tables.map(({ found }) => found)) >= rowsKept) {
        for (const table of ['user_events', 'rejected_events'])
          await untilAnswered(impatience, () =>
            keyspace.client.execute(`TRUNCATE ${keyspace.name}.${table}`, [], { prepare: false }),
          );
        expectedTables.forgetRows();
        emptied = tables;
      }
      gate.open();
      last = await round(last.number + 1);
      tables = addRound(emptied, last.tables);
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

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

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

const following = (servers: Servers, keyspace: string, topic: string, url: string): string =>
  `Look at it in a browser: ${url}\n\n` +
  `${handOver({ servers, keyspace }, ['npx user-events rejected', `npm run produce -- events/sample.jsonl --topic ${topic}`])}\n` +
  `Events of others are handled and counted. The tables are emptied at ${count(rowsKept, 'row')}; for\n` +
  'rows that stay: npm run consume -- <topic>. Ctrl-C compares what was produced, and stops.';

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
