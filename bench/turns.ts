import {
  type Consumer,
  type MeasureOptions,
  type RunningConsumer,
  startConsumer,
  type Turn,
} from './measure.ts';
import { sum } from './statistics.ts';

/** The batches of a turn, which take about a second. */
const turnBatches = 20;

/** The measured part of a run. */
export interface Span {
  /** The batches before the measured ones, in which V8 compiles. */
  readonly short: number;
  readonly long: number;
}

/** The measurements of a consumer for all batches of a span. */
export interface Round {
  /** The turns after the short run. */
  readonly turns: readonly Turn[];
  /** The number of records, over all turns, that were reported as failed. */
  readonly failures: number;
  readonly userEvents: number;
  readonly rejected: number;
}

/**
 * Lets all consumers handle all batches by turns, each in a process and tables of its own.
 * @param signal ends it after the turn.
 */
export const takeTurns = async (
  consumers: readonly Consumer[],
  given: MeasureOptions,
  { short, long }: Span,
  signal: AbortSignal,
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
  // The consumers go there and back, so that the work left to Cassandra does not always burden the same next one.
  for (let from = 0, index = 0; from < long; index += 1) {
    const to = Math.min(from + turnBatches, from < short ? short : long);
    for (const { consumer, all } of index % 2 === 0 ? running : running.toReversed()) {
      signal.throwIfAborted();
      all.push(await consumer.turn(from, to));
    }
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
