import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import {
  type Counts,
  type EventSourceMapping,
  type KafkaConnection,
  startEventSourceMapping,
  startFunction,
} from 'local-kafka-trigger';
import { kafkaConnection } from 'local-kafka-trigger/kafka/kafka-connection.ts';
import { topicExtents } from '../../cli/kafka/topic-extents.ts';
import { tellRunning } from '../../cli/target/running-file.ts';
import { settingsGiven, usualGroup } from '../../cli/target/settings-given.ts';
import { keepOpen } from '../../cli/terminal/main.ts';
import { print } from '../../cli/terminal/print.ts';
import { afterAbort, endAtLatest, unless } from '../../cli/terminal/stopping.ts';
import { isWatched, untilEnter } from '../../cli/terminal/until-enter.ts';
import { count } from '../../cli/terminal/words.ts';
import { awsVariables } from '../aws-variables.ts';
import { bundleFunction } from '../bundle.ts';
import { countLine, createFunctionCounts } from '../function-counts.ts';
import { cqlshLines, defaultKeyspace, handOver, lookAt } from '../hand-over.ts';
import { openKeyspace } from '../keyspace.ts';
import { openServers, type Servers } from '../open-servers.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';
import { type WatchedServers, watchServers } from '../watch-servers.ts';
import { createBatchLog, type LoggedCounts } from './batch-log.ts';
import { batchText, countsText, functionText } from './batch-text.ts';
import { deleteGroup, ensureTopic, type From, type GroupStart, placeGroup } from './topic.ts';

/** The options of `npm run consume`. */
export interface ConsumeOptions {
  readonly keyspace: string;
  readonly group?: string;
  readonly from: From;
  readonly untilEnd: boolean;
  readonly batchSize: number;
  readonly onFailure?: string;
  readonly partitions: number;
  readonly kafkaPort?: number;
  readonly cassandraPort?: number;
  readonly keep?: boolean;
  readonly json: boolean;
}

const timeoutSeconds = 60;
/** The milliseconds for which Ctrl-C waits for the batch in flight. */
const batchPatienceMs = 5_000;

/**
 * Brings a topic into tables until the signal is aborted, or up to the topic's end as it is now.
 * @returns the exit code: 0, or 130 where the end was to be reached and was not.
 */
export const consume = async (
  signal: AbortSignal,
  topic: string,
  options: ConsumeOptions,
): Promise<number> => {
  const { json, untilEnd } = options;
  /** Prints a text for people, or its facts as a line of JSON. */
  const say = (type: string, text: string, facts: object = { text }): void =>
    print(json ? JSON.stringify({ type, ...facts }) : text);

  await using servers = await openServers({
    ...options,
    onStep: (step) => say('step', step),
    signal,
  });
  using _ = endAtLatest(signal);
  const connection = connectionTo(servers);
  if (servers.externalKafka !== true) await ensureTopic(connection, topic, options.partitions);
  const extents = await topicExtents(connection, topic);
  const group = options.group ?? defaultGroup(servers, options.keyspace);
  const start = await placeGroup(connection, topic, group, options.from, extents);
  await using opened = new AsyncDisposableStack();
  if (isOfOneRun(servers) && options.group === undefined)
    opened.defer(() => deleteGroup(connection, group));

  const settings = { ...settingsGiven(), CONSUMER_GROUP_ID: group };
  const keyspace = opened.use(await openKeyspace(servers, settings, options.keyspace));
  const folder = opened.use(await temporaryFolder('user-events-function'));
  const counts = createFunctionCounts();
  const log = createBatchLog(
    (batch) => {
      const { attempt, durationMs, partitions } = batch.report;
      const facts = { attempt, durationMs, partitions, ...batch.counts, failure: batch.failure };
      say('batch', batchText(batch), facts);
    },
    (line) => say('function', functionText(line)),
  );
  await using running = new AsyncDisposableStack();
  const ingest = running.use(
    await startFunction({
      handler: await bundleFunction(folder.path),
      environment: { ...awsVariables(), ...keyspace.environment },
      timeoutSeconds,
      onLog: (line) => {
        countLine(counts, line);
        log.line(line);
      },
    }),
  );
  const bootstrapServers = connection.bootstrapServers.join(',');
  const mapping = running.use(
    await startEventSourceMapping({
      connection,
      topic,
      consumerGroup: group,
      invoke: ingest.invoke,
      batchSize: options.batchSize,
      onBatch: log.report,
      onGivenUp: ({ records, kept, condition }) =>
        say(
          'given-up',
          `Given up (${condition}): ${count(records, 'record')}, ${kept ? `kept in ${options.onFailure}` : 'LOST'}.`,
          { records, kept, condition },
        ),
      ...(options.onFailure !== undefined && { onFailure: options.onFailure }),
    }),
  );
  using _told = isStarted(servers)
    ? tellRunning({
        command: 'npm run consume',
        topic,
        bootstrapServers: connection.bootstrapServers,
        environment: keyspace.environment,
        ...(options.onFailure !== undefined && { onFailureFolder: resolve(options.onFailure) }),
      })
    : null;
  const cassandra = keyspace.config.contactPoints.join(',');
  say(
    'ready',
    [
      `Kafka at ${bootstrapServers}, topic ${topic}, ${count(extents.size, 'partition')}, group ${group}`,
      `Cassandra at ${cassandra}, keyspace ${keyspace.name}`,
      ...startText(start, options.from),
      ...(untilEnd ? [] : ['', nextSteps(servers, topic, keyspace.name), '', 'Ctrl-C stops.']),
    ].join('\n'),
    { kafka: bootstrapServers, cassandra, topic, group, keyspace: keyspace.name, ...start },
  );

  const isWholeRun = await runs(signal, mapping, {
    ends: untilEnd ? new Map([...extents].map(([partition, { end }]) => [partition, end])) : null,
    watched: { kafka: connection, cassandra: keyspace.client },
    say,
  });
  using __ = afterAbort(signal, batchPatienceMs, () => ingest.kill());
  // The last lines of the function come before its end.
  await running.disposeAsync();
  const { complaints: ___, rejected, ...numbers } = counts;
  const became = { ...numbers, rejected: Object.fromEntries(rejected) };
  const total = mapping.counts();
  say(
    'end',
    [totalText(total, became), ...farewell(servers, topic, keyspace.name, options)].join('\n'),
    {
      records: total.delivered,
      batches: total.invocations,
      retried: total.retriedRecords,
      givenUp: { kept: total.toDestination, lost: total.dropped },
      ...became,
    },
  );
  if (isStarted(servers) && (options.keep ?? isWatched())) {
    keepOpen();
    say('kept', '\nWhat was started here is kept until Enter or Ctrl-C.');
    await untilEnter(signal.aborted ? new AbortController().signal : signal);
  }
  return isWholeRun ? 0 : 130;
};

/** Waits for the end of a run. @returns false where the topic's end was to be reached, and was not. */
const runs = async (
  signal: AbortSignal,
  mapping: EventSourceMapping,
  {
    ends,
    watched,
    say,
  }: {
    /** The offsets to reach; null for none. */
    readonly ends: ReadonlyMap<number, bigint> | null;
    readonly watched: WatchedServers;
    readonly say: (type: string, text: string) => void;
  },
): Promise<boolean> => {
  await using _ = watchServers(watched, (text) => say('server', text));
  try {
    await unless(signal, ends === null ? mapping.finished : mapping.drained(ends));
    return true;
  } catch (error) {
    if (!signal.aborted) throw error;
    say('stopping', '\nThe batch in flight is finished first. Ctrl-C again ends at once.');
    return ends === null;
  }
};

const connectionTo = (servers: Servers): KafkaConnection =>
  servers.externalKafka === true
    ? kafkaConnection(process.env)
    : { bootstrapServers: servers.bootstrapServers };

const isStarted = (servers: Servers): boolean =>
  servers.externalKafka !== true || !servers.externalCassandra;

/** Tells whether a topic that stays is read into tables that do not. */
const isOfOneRun = (servers: Servers): boolean =>
  servers.externalKafka === true && !servers.externalCassandra;

/** Names a group that goes on where it stopped; one of this run alone where its tables are new, and would stay empty else. */
const defaultGroup = (servers: Servers, keyspace: string): string =>
  `${usualGroup(keyspace)}${isOfOneRun(servers) ? `-${randomBytes(4).toString('hex')}` : ''}`;

const startText = ({ resumed, anew }: GroupStart, from: From): string[] => [
  resumed > 0
    ? `The group goes on where it stopped, in ${count(resumed, 'partition')}.`
    : `The group is new here, and begins at the ${from === 'latest' ? 'end' : 'beginning'} of the topic.`,
  ...(anew.length === 0
    ? []
    : [
        `Partition ${anew.join(', ')} ends before the group’s offset: the topic was made anew, and is read from its beginning.`,
      ]),
];

const nextSteps = (servers: Servers, topic: string, keyspace: string): string =>
  handOver({ servers, keyspace }, [
    `npm run produce -- events/sample.jsonl --topic ${topic}`,
    lookAt(keyspace),
    ...cqlshLines({ servers, keyspace }),
  ]);

const totalText = (
  { delivered, invocations, retriedRecords }: Counts,
  became: LoggedCounts,
): string =>
  `${count(delivered, 'record')} in ${count(invocations, 'batch', 'batches')}: ${countsText(became)}.` +
  (retriedRecords > 0 ? ` Tried again: ${count(retriedRecords, 'record')}.` : '');

/** Says where the rows are, how to see them and how to go on. */
const farewell = (
  servers: Servers,
  topic: string,
  keyspace: string,
  { group }: ConsumeOptions,
): string[] => {
  const again = [
    `npm run consume -- ${topic}`,
    ...(keyspace === defaultKeyspace ? [] : [`--keyspace ${keyspace}`]),
    ...(group === undefined ? [] : [`--group ${group}`]),
  ].join(' ');
  return [
    `The rows:  ${lookAt(keyspace)}`,
    ...(isStarted(servers) ? [] : [`Go on:     ${again}`]),
    ...(servers.externalCassandra
      ? []
      : [
          'Cassandra was started here, and goes with its rows. For rows that stay, name one of',
          'your own by CASSANDRA_CONTACT_POINTS.',
        ]),
  ];
};
