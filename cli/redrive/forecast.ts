import type { Client } from 'cassandra-driver';
import { readMarks } from '../tasks/marks.ts';
import type { Candidate } from './candidate.ts';
import { chunksOf } from './chunks.ts';
import type { Destination, Ready } from './destinations/destination.ts';
import type { Verdict } from './outcome.ts';
import type { Plan } from './plan.ts';
import { type SortRules, sortOut } from './sort-out.ts';

/** A record, and what became or would become of it. */
export interface Judged {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  /** True where this run has redriven it, or would; false where something has kept it from that. */
  readonly wasReady: boolean;
  /** True where an earlier process of the task has told the same. */
  readonly wasTold?: boolean;
}

/** The records in hand at once. */
export const mostInHand = 250;

/** What both a dry run and a task need. */
export interface Running {
  readonly client: Client;
  readonly keyspace: string;
  readonly plan: Plan;
  readonly destination: Destination;
  readonly signal: AbortSignal;
}

/** The records of a chunk, sorted out by their marks. */
export interface SortedChunk {
  readonly settled: readonly (Judged & { readonly isNews: boolean })[];
  readonly ready: readonly Ready[];
}

/**
 * Sorts out a chunk. A record that comes twice in it is redriven once.
 * @param room how many records may be redriven; the rest is left out.
 */
export const sortChunk = async (
  chunk: readonly Candidate[],
  { client, keyspace, signal }: Running,
  rules: SortRules,
  room: number,
): Promise<SortedChunk> => {
  const places = chunk.flatMap(({ place }) => (place === null ? [] : [place]));
  const marks = await readMarks(client, keyspace, places, signal);
  const names = new Set<string>();
  const settled: (Judged & { readonly isNews: boolean })[] = [];
  const ready: Ready[] = [];
  for (const candidate of chunk) {
    const sorted = sortOut(candidate, marks.get(candidate.name) ?? null, rules);
    if (sorted.kind === 'settled') {
      const { verdict, isNews } = sorted;
      settled.push({ candidate, verdict, wasReady: false, isNews });
    } else if (names.has(candidate.name)) {
      const verdict = { outcome: 'already redriven', detail: 'the source has it twice' } as const;
      settled.push({ candidate, verdict, wasReady: false, isNews: false });
    } else if (ready.length < room) ready.push(sorted.ready);
    names.add(candidate.name);
  }
  return { settled, ready };
};

/** Tells of each candidate what would become of it, and writes nothing. */
export const forecast = async function* (
  candidates: AsyncIterable<Candidate>,
  running: Running,
): AsyncGenerator<Judged> {
  const { plan, destination, signal } = running;
  let room = plan.limit ?? Number.POSITIVE_INFINITY;
  for await (const chunk of chunksOf(candidates, mostInHand)) {
    const { settled, ready } = await sortChunk(
      chunk,
      running,
      { ...plan, task: null, told: null },
      room,
    );
    room -= ready.length;
    const verdicts = await destination.forecast(ready, signal);
    yield* settled;
    for (const [index, { candidate }] of ready.entries())
      yield { candidate, verdict: verdicts[index] as Verdict, wasReady: true };
    if (room === 0) return;
  }
};
