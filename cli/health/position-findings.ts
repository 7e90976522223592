import { duration } from '../../functions/ingest/pipeline/duration.ts';
import {
  goneOf,
  isOfFormerTopic,
  lagOf,
  type PartitionState,
} from '../partitions/read-partitions.ts';
import { count, number } from '../terminal/words.ts';
import type { CommandLine, Finding } from './finding.ts';
import type { Limits } from './limits.ts';

/** The partitions that a sentence names. */
const mostNamed = 3;

/** What is known of the positions of a consumer group. */
export interface Positions {
  readonly partitions: readonly PartitionState[];
  /** Why Kafka was not asked; empty where it was. */
  readonly unreached: readonly string[];
  /** By `topic/partition`: how long the first record that is not handled has lain in Kafka, in milliseconds. */
  readonly waitedMs: ReadonlyMap<string, number>;
  /** Milliseconds. */
  readonly now: number;
}

/** Judges how far behind a consumer group is, what waits, and what was deleted before it was handled. */
export const positionFindings = (
  positions: Positions,
  limits: Limits,
  command: CommandLine,
): Finding[] => [
  lagFinding(positions, limits, command),
  ...waitingFindings(positions, limits, command),
  ...goneFindings(positions, command),
];

const lagFinding = (
  { partitions, unreached, now }: Positions,
  limits: Limits,
  command: CommandLine,
): Finding => {
  const about = 'lag';
  const next = command('partitions');
  if (unreached.length > 0) return { about, state: 'unknown', says: unreached.join(' '), next };
  const lags = partitions.map((state) => ({ state, lag: lagOf(state) ?? 0n }));
  const total = lags.reduce((sum, { lag }) => sum + lag, 0n);
  const far = lags
    .filter(({ lag }) => lag > BigInt(limits.lag))
    .toSorted((one, other) => Number(other.lag - one.lag));
  const [furthest] = far;
  if (furthest !== undefined) {
    const rest = far.length - 1;
    return {
      about,
      state: 'wrong',
      says:
        `${nameOf(furthest.state)} is ${number(Number(furthest.lag))} records behind, which is more than ${number(limits.lag)}` +
        `${rest > 0 ? `; so ${rest === 1 ? 'is' : 'are'} ${count(rest, 'other partition')}` : ''}.`,
      next,
    };
  }
  const old = lags.filter(
    ({ state, lag }) => lag > 0n && now - (state.checkpoint?.maxEventTime ?? now) > limits.behindMs,
  );
  if (old.length > 0)
    return {
      about,
      state: 'wrong',
      says: `The newest event of ${named(old.map(({ state }) => state))} is more than ${duration(limits.behindMs)} old, and records wait.`,
      next,
    };
  return {
    about,
    state: 'fine',
    says:
      total === 0n
        ? `Every record of ${count(partitions.length, 'partition')} is handled.`
        : `${count(Number(total), 'record')} of ${count(partitions.length, 'partition')} ${total === 1n ? 'waits' : 'wait'}.`,
    next: null,
  };
};

const waitingFindings = (
  { partitions, waitedMs, now }: Positions,
  { waitMs }: Limits,
  command: CommandLine,
): Finding[] => {
  const behind = partitions.filter((state) => (lagOf(state) ?? 0n) > 0n);
  const standing = behind.filter((state) => {
    const age = now - (state.checkpoint?.updatedAt ?? 0);
    return age > waitMs && (waitedMs.get(nameOf(state)) ?? 0) > waitMs;
  });
  const [first] = standing;
  if (first === undefined) return [];
  const { checkpoint, topic, partition, extent } = first;
  const next = checkpoint?.nextOffset ?? extent?.begin ?? 0n;
  const since =
    checkpoint?.updatedAt == null ? 'ever' : duration(Math.max(0, now - checkpoint.updatedAt));
  const all = standing.length === partitions.length;
  return [
    {
      about: 'waiting',
      state: 'wrong',
      says:
        `${nameOf(first)} has stood at offset ${next} for ${since}, while ${count(Number(lagOf(first)), 'record')} ${lagOf(first) === 1n ? 'waits' : 'wait'}` +
        `${standing.length > 1 ? `, and ${count(standing.length - 1, 'other partition')} too` : ''}: ` +
        (all
          ? 'nothing is handled. Nobody reads, or the database cannot be written.'
          : 'its record fails each time that it comes, or its writes do.'),
      next: command('trace', `${topic}/${partition}/${next}`),
    },
  ];
};

const goneFindings = ({ partitions }: Positions, command: CommandLine): Finding[] => {
  const gone = partitions.filter((state) => goneOf(state) > 0n);
  const former = partitions.filter(isOfFormerTopic);
  const total = gone.reduce((sum, state) => sum + goneOf(state), 0n);
  const givenUp = partitions.filter(({ passed }) => (passed?.givenUp ?? 0) > 0);
  const ofGivenUp = givenUp.reduce((sum, { passed }) => sum + (passed?.givenUp ?? 0), 0);
  return [
    ...(givenUp.length === 0
      ? []
      : [
          {
            about: 'lost',
            state: 'wrong',
            says:
              `${count(ofGivenUp, 'record')} of ${named(givenUp)} ${ofGivenUp === 1 ? 'was' : 'were'} given up: the group has committed an offset beyond them, and the function has not ` +
              'handled them. They are lost, unless the on-failure destination or the topic still has them.',
            next: command('verify', '--topic', givenUp[0]?.topic ?? ''),
          } as const,
        ]),
    ...(gone.length === 0
      ? []
      : [
          {
            about: 'lost',
            state: 'wrong',
            says: `Kafka has deleted up to ${count(Number(total), 'record')} of ${named(gone)} before they were handled: the topic’s retention is shorter than the lag.`,
            next: command('partitions'),
          } as const,
        ]),
    ...(former.length === 0
      ? []
      : [
          {
            about: 'reading',
            state: 'fine',
            says: `The checkpoint of ${named(former)} lies beyond Kafka’s end: the topic was made anew, and its records are handled from the first on.`,
            next: null,
          } as const,
        ]),
  ];
};

/** Names a partition, as command lines do. */
export const nameOf = (state: Pick<PartitionState, 'topic' | 'partition'> | undefined): string =>
  state === undefined ? '' : `${state.topic}/${state.partition}`;

const named = (states: readonly PartitionState[]): string => {
  const rest = states.length - mostNamed;
  const names = states.slice(0, mostNamed).map(nameOf).join(', ');
  return rest > 0 ? `${names} and ${count(rest, 'other partition')}` : names;
};
