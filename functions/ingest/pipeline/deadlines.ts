/** The moment from which on an invocation begins no further request. */
export interface Deadline {
  /** Milliseconds until no further request may begin; zero or less when none may. */
  left(): number;
}

/** The deadlines of an invocation. */
export interface Deadlines {
  /** The deadline of schema requests; the time after it is for records whose schemas are known. */
  readonly schemas: Deadline;
  /** The deadline of the requests of records; the time after it is for those in flight, and for the checkpoint. */
  readonly records: Deadline;
  /** The deadline of checkpoints; the time after it is for their answers, and for the response. */
  readonly checkpoint: Deadline;
}

/**
 * Milliseconds kept after the last request for a record may begin. One in flight ends within 9 s (5 to connect, 4 for the
 * answer: cassandra/client-options.ts), and one for the checkpoint within 4 s after it.
 */
export const longestReserve = 15_000;

/**
 * Milliseconds kept after the last request for a checkpoint may begin: 4 s until the driver gives its answer up, and half a second for the
 * function's own response.
 */
const longestAnswer = 4_500;

/**
 * Functions of less than 45 s keep a third, and of that a third again for the checkpoint's answer. Down to 30 s that is
 * enough whatever is waited for; a shorter function may be killed while a database hangs.
 */
const reserveShare = 1 / 3;

/** A registry that is down takes half of the time for records, and no more. */
const schemaShare = 1 / 2;

const after = (milliseconds: number): Deadline => {
  // The monotonic clock: the wall clock of a thawed environment may jump.
  const end = performance.now() + milliseconds;
  return { left: () => end - performance.now() };
};

/** @param remaining milliseconds until the invocation is killed. */
export const deadlines = (remaining: number): Deadlines => {
  const reserve = Math.min(longestReserve, remaining * reserveShare);
  const answer = Math.min(longestAnswer, reserve * reserveShare);
  return {
    schemas: after((remaining - reserve) * schemaShare),
    records: after(remaining - reserve),
    checkpoint: after(remaining - answer),
  };
};
