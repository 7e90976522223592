import type { Client } from 'cassandra-driver';
import type { Task, TaskState } from './task.ts';
import { taskStatements, taskValues, toTask } from './task-rows.ts';

/** The milliseconds between two writes of a task's row. */
const writesEvery = 2_000;

/**
 * The milliseconds without a written row after which a process takes its own task for lost: a little less than those after which another
 * process may take it up.
 */
const lostAfter = 8_000;

/** The tries of the last write, which tells how the task has ended. */
const lastTries = 5;

/** Why a task's process has to stop. */
class TaskStopped extends Error {
  override readonly name = 'TaskStopped';
}

/**
 * A task that this process works on. It writes down how far it has come, and learns when it is to stop. Disposing of it leaves a task that has
 * not ended as it is: as that of a process that has died.
 */
export class RunningTask implements Disposable {
  readonly id: string;
  /** What the task needs to go on. */
  readonly plan: unknown;
  /** The number of records by what became of them, of all the processes that have worked on the task. */
  readonly counts: Map<string, number>;
  readonly #client: Client;
  readonly #statements: ReturnType<typeof taskStatements>;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #task: Task;
  /** The write that is under way. */
  #writing: Promise<void> = Promise.resolve();
  #writtenAt = performance.now();

  constructor(client: Client, keyspace: string, task: Task) {
    this.id = task.id;
    this.plan = JSON.parse(task.plan);
    this.counts = new Map(task.counts);
    this.#client = client;
    this.#statements = taskStatements(keyspace);
    this.#task = task;
    this.#timer = setInterval(() => {
      this.#writing = this.#writing.then(() => this.#beat()).catch(() => this.#missed());
    }, writesEvery);
  }

  /** Is aborted when somebody has asked for a stop, or when another process has taken up the task. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Counts what became of a record. */
  count(outcome: string, records = 1): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + records);
  }

  /**
   * Writes how the task has ended.
   * @throws what the database answers where it takes the row in none of several tries. The task then looks as if its process had died.
   */
  async end(state: Exclude<TaskState, 'running'>, detail: string): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    this.#task = { ...this.#task, state, detail };
    for (let tries = 1; ; tries += 1)
      try {
        return await this.#write();
      } catch (error) {
        if (tries === lastTries) throw error;
      }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #missed(): void {
    if (performance.now() - this.#writtenAt > lostAfter)
      this.#stop.abort(new TaskStopped('the table of operations takes no row of it'));
  }

  async #beat(): Promise<void> {
    const row = (await this.#client.execute(this.#statements.find, [this.id])).first();
    if (row !== null && toTask(row).isStopWanted)
      this.#stop.abort(new TaskStopped('somebody has asked for the stop'));
    await this.#write();
  }

  async #write(): Promise<void> {
    const task: Task = { ...this.#task, counts: this.counts, updatedAt: Date.now() };
    const { runner } = task;
    const values = [...taskValues(task), this.id, runner];
    const began = performance.now();
    const written = await this.#client.execute(this.#statements.update, values);
    this.#writtenAt = began;
    if (!written.wasApplied()) this.#stop.abort(new TaskStopped('another process has taken it up'));
  }
}
