/** How a task stands. An audit line is a task that was done as soon as it began. */
export type TaskState =
  /** A process works on it, or has died without a word. */
  | 'running'
  /** Everything was done. */
  | 'done'
  /** It came to its end, and a part could not be done. */
  | 'incomplete'
  /** Somebody stopped it, or the time of its process was up: it can be resumed. */
  | 'stopped'
  /** An error ended it: it can be resumed. */
  | 'failed';

/** A task, or an audit line, as the table has it. Times are in milliseconds. */
export interface Task {
  /** The id, which sorts by the time of the beginning. */
  readonly id: string;
  readonly command: string;
  readonly state: TaskState;
  /** How it stands, as a sentence. */
  readonly detail: string;
  /** Whoever called the command. */
  readonly who: string;
  /** What the command was asked for, in words without contents of events. */
  readonly what: string;
  /** What the command needs to go on, as JSON. */
  readonly plan: string;
  /** The number of records, or rows, by what became of them. */
  readonly counts: ReadonlyMap<string, number>;
  /** The process that works on it, or did so last. */
  readonly runner: string;
  readonly isStopWanted: boolean;
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** What a task, or an audit line, begins with. */
export type NewTask = Pick<Task, 'command' | 'who' | 'what'> & {
  readonly plan?: unknown;
};
