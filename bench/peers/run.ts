// Measures what a million events cost with other programs, from a Kafka topic into user_events. Each program has a process of its
// own, is measured from outside, and has short and long runs by turns.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { compare, type TableComparison } from '../../local/dataset/comparison.ts';
import { openKeyspace } from '../../local/keyspace.ts';
import type { Servers } from '../../local/open-servers.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { median } from '../statistics.ts';
import { openCommits } from './committed.ts';
import { useTheirTable } from './day.ts';
import type { Peer, PeerCommand, PeerTask } from './peer.ts';
import { runProcess, type Took } from './peer-process.ts';
import { type FullTopic, fillTopic } from './topics.ts';

export interface PeerOptions {
  /** Kafka, and a Cassandra without TLS and password. */
  readonly servers: Servers;
  readonly peers: readonly Peer[];
  /** The events of the short run. */
  readonly short: number;
  readonly long: number;
  /** The number of runs of each kind. */
  readonly rounds: number;
  /** Called with each step that takes its time, before it begins. */
  readonly onStep?: (step: string) => void;
}

/** The figures of a peer's runs, as medians. */
export interface PeerResult {
  readonly peer: string;
  /** The CPU-seconds of the process for a million further events. */
  readonly cpuSecondsPerMillion: number;
  readonly eventsPerSecond: number;
  /** The largest resident set of a long run, in bytes. */
  readonly memory: number;
  readonly dropsLate: boolean;
  /** The comparison of every row of user_events with the expected rows, after the last long run. */
  readonly rows: TableComparison;
  /** The late events of the long run. A peer that cannot drop them writes a row for each. */
  readonly late: number;
}

/** Builds and runs the peers. @throws {UserFacingError} if a peer cannot be built or run. */
export const runPeers = async (options: PeerOptions): Promise<PeerResult[]> => {
  const { servers, peers, onStep = () => {} } = options;
  if (peers.length === 0) return [];
  const commands: ((task: PeerTask) => PeerCommand)[] = [];
  for (const peer of peers) {
    onStep(`Building ${peer.name} (the first time this takes minutes) …`);
    commands.push(await peer.build());
  }
  onStep(`Filling topics of ${options.short} and ${options.long} events …`);
  await using short = await fillTopic(servers, options.short);
  await using long = await fillTopic(servers, options.long);
  const rounds: Round[][] = peers.map(() => []);
  for (let round = 1; round <= options.rounds; round += 1)
    for (const [index, { name }] of peers.entries()) {
      onStep(`${name}, round ${round} of ${options.rounds} …`);
      const command = commands[index] as (task: PeerTask) => PeerCommand;
      const done = {
        short: await runOnce(name, command, short, servers),
        long: await runOnce(name, command, long, servers),
      };
      rounds[index]?.push(done);
      const { short: less, long: more } = done;
      onStep(
        `  ${less.cpuSeconds} and ${more.cpuSeconds} CPU-s in ${seconds(less)} and ${seconds(more)}`,
      );
    }
  return peers.map((peer, index) => resultOf(peer, rounds[index] ?? [], options, long));
};

interface Round {
  readonly short: Run;
  readonly long: Run;
}

interface Run extends Took {
  readonly rows: TableComparison;
}

const seconds = (took: Took): string => `${took.seconds.toFixed(1)} s`;

const lookEveryMs = 100;

/** Runs a peer once, into a keyspace of its own, and reads every row afterwards. */
const runOnce = async (
  name: string,
  command: (task: PeerTask) => PeerCommand,
  topic: FullTopic,
  servers: Servers,
): Promise<Run> => {
  const { bootstrapServers } = servers;
  const { expectedTables } = topic;
  await using keyspace = await openKeyspace(servers);
  await useTheirTable(keyspace);
  await using folder = await temporaryFolder('peer');
  const consumerGroup = `peer-${randomBytes(4).toString('hex')}`;
  const task = {
    bootstrapServers,
    topic: topic.name,
    consumerGroup,
    cassandra: contactOf(servers),
    keyspace: keyspace.name,
    folder: folder.path,
  };
  const ends = expectedTables.partitions.map(({ nextOffset }) => nextOffset);
  const took = await runProcess(name, command(task), async (signal) => {
    await using commits = openCommits(bootstrapServers, consumerGroup);
    while (!signal.aborted && !(await commits.reached(ends))) await delay(lookEveryMs);
  });
  const [rows] = await compare({
    reader: keyspace,
    keyspace: keyspace.name,
    topic: topic.name,
    consumerGroup,
    expectedTables,
  });
  return { ...took, rows: rows as TableComparison };
};

const contactOf = ({ cassandra }: Servers): PeerTask['cassandra'] => {
  if (cassandra.CASSANDRA_TLS !== 'off' || (cassandra.CASSANDRA_AUTH ?? 'none') !== 'none')
    throw new UserFacingError(
      'The peers reach Cassandra without TLS and password only (CASSANDRA_TLS=off, CASSANDRA_AUTH=none).',
    );
  const [host = '', port = '9042'] = (cassandra.CASSANDRA_CONTACT_POINTS.split(',')[0] ?? '').split(
    ':',
  );
  return { host, port: Number(port) };
};

const resultOf = (
  { name, dropsLate }: Peer,
  rounds: readonly Round[],
  { short, long }: PeerOptions,
  topic: FullTopic,
): PeerResult => {
  const more = (of: 'cpuSeconds' | 'seconds'): number =>
    median(rounds.map((round) => round.long[of] - round.short[of])) / (long - short);
  return {
    peer: name,
    cpuSecondsPerMillion: more('cpuSeconds') * 1e6,
    eventsPerSecond: 1 / more('seconds'),
    memory: median(rounds.map((round) => round.long.memory)),
    dropsLate,
    rows: rounds.at(-1)?.long.rows as TableComparison,
    late: topic.expectedTables.counts.rejected.late,
  };
};
