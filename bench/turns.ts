import {
  type Consumer,
  type MeasureOptions,
  type RunningConsumer,
  startConsumer,
  type Turn,
} from './measure.ts';
import { sum } from './statistics.ts';

/** Batches of a turn: a second or so. */
const turnBatches = 20;

/** Where a run of some batches is measured from, and where it ends. */
export interface Span {
  /** Batches before the measured ones: V8 compiles meanwhile. */
  readonly short: number;
  readonly long: number;
}

/** What a consumer took for all batches of a span. */
export interface Round {
  /** Behind the short run. */
  readonly turns: readonly Turn[];
  /** Records of all turns that were reported as failed. */
  readonly failures: number;
  readonly userEvents: number;
  readonly rejected: number;
}

/** Lets consumers handle all batches, each in a process and tables of its own, by turns. */
export const takeTurns = async (
  consumers: readonly Consumer[],
  given: MeasureOptions,
  { short, long }: Span,
): Promise<Map<string, Round>> => {
  await using closing = new AsyncDisposableStack();
  const running: { name: string; consumer: RunningConsumer; all: Turn[] }[] = [];
  for (const one of consumers)
    running.push({
      name: one.name,
      consumer: closing.use(await startConsumer(one, given)),
      all: [],
    });
  let measured = 0;
  // There and back, so that what one leaves Cassandra to do burdens no other one always.
  for (let from = 0, index = 0; from < long; index += 1) {
    const to = Math.min(from + turnBatches, from < short ? short : long);
    for (const { consumer, all } of index % 2 === 0 ? running : running.toReversed())
      all.push(await consumer.turn(from, to));
    if (from < short) measured += 1;
    from = to;
  }
  const rounds = new Map<string, Round>();
  for (const { name, consumer, all } of running)
    rounds.set(name, {
      turns: all.slice(measured),
      failures: sum(all.map(({ failures }) => failures)),
      ...(await consumer.rows()),
    });
  return rounds;
};
