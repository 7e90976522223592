import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'cassandra-driver';
import { readPages } from '../tables/read-pages.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { findOperationsTable } from './operations-table.ts';
import { RunningTask } from './running-task.ts';
import type { NewTask, Task } from './task.ts';
import { taskStatements, taskValues, toTask } from './task-rows.ts';

/** The milliseconds in which the process of a running task writes its row, or is taken for dead. */
export const silenceMs = 10_000;

/** The milliseconds between two looks at a task whose process may be dead. */
const looksEvery = 500;

/** The tasks and audit lines of a pipeline. */
export interface Tasks {
  /** Begins a task. */
  begin(task: NewTask): Promise<RunningTask>;
  /**
   * Takes up a task that was stopped, that failed in part, or whose process has died.
   * @throws {UserFacingError} where there is none, it belongs to another command, is done, or a process works on it.
   */
  resume(id: string, command: string, signal: AbortSignal): Promise<RunningTask>;
  /** Writes an audit line: what was done by one stroke, and how many things it has touched. */
  record(done: NewTask & Pick<Task, 'detail' | 'counts'>): Promise<void>;
  /** Reads the newest tasks, the newest first. */
  list(signal: AbortSignal): AsyncGenerator<Task>;
  /** Finds a task. @throws {UserFacingError} where there is none. */
  find(id: string): Promise<Task>;
  /** Asks the process of a task to stop. @returns false where the task does not run. */
  stop(id: string): Promise<boolean>;
}

/**
 * Opens the tasks of a pipeline.
 * @throws {UserFacingError} where the table of operations is missing.
 */
export const openTasks = async (target: Target): Promise<Tasks> => {
  const client = await target.cassandra();
  await findOperationsTable(client, target);
  return tasksOf(client, target.settings.keyspace);
};

const tasksOf = (client: Client, keyspace: string): Tasks => {
  const statements = taskStatements(keyspace);
  const runner = `${hostname()} ${process.pid} ${randomBytes(4).toString('hex')}`;
  const execute = (query: string, values: readonly unknown[]) =>
    client.execute(query, [...values], { prepare: true });

  const insert = async (given: NewTask, rest: Pick<Task, 'state' | 'detail' | 'counts'>) => {
    const { command, who, what, plan = {} } = given;
    const now = Date.now();
    const task: Task = {
      id: taskId(now),
      command,
      who,
      what,
      plan: JSON.stringify(plan),
      runner,
      isStopWanted: false,
      startedAt: now,
      updatedAt: now,
      ...rest,
    };
    await execute(statements.begin, [...taskValues(task), task.id]);
    return task;
  };
  const find = async (id: string): Promise<Task> => {
    const row = (await execute(statements.find, [id])).first();
    if (row === null)
      throw new UserFacingError(
        `There is no task ${id}. \`user-events tasks\` lists those of the last 90 days.`,
      );
    return toTask(row);
  };

  return {
    find,
    async begin(given) {
      const task = await insert(given, { state: 'running', detail: '', counts: new Map() });
      return new RunningTask(client, keyspace, task);
    },
    async resume(id, command, signal) {
      const found = await find(id);
      if (found.command !== command)
        throw new UserFacingError(`The task ${id} belongs to ${found.command}, not to ${command}.`);
      if (found.state === 'done')
        throw new UserFacingError(`The task ${id} is done: nothing is left of it.`);
      if (found.state === 'running' && !(await isSilent(found, find, signal)))
        throw new UserFacingError(
          `A process works on the task ${id}: \`user-events tasks stop ${id}\` ends it.`,
        );
      const task: Task = {
        ...found,
        state: 'running',
        detail: '',
        runner,
        isStopWanted: false,
        updatedAt: Date.now(),
      };
      const taken = await execute(statements.takeOver, [...taskValues(task), id, found.runner]);
      if (!taken.wasApplied())
        throw new UserFacingError(`Another process has just taken up the task ${id}.`);
      return new RunningTask(client, keyspace, task);
    },
    async record({ detail, counts, ...given }) {
      await insert(given, { state: 'done', detail, counts });
    },
    async *list(signal) {
      const read = { query: statements.list, parameters: [], pageRows: 100 };
      for await (const rows of readPages(client, read, signal)) yield* rows.map(toTask);
    },
    async stop(id) {
      await find(id);
      return (await execute(statements.stop, [id])).wasApplied();
    },
  };
};

/** Makes an id of a time and random digits. */
const taskId = (now: number): string => {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
};

/** Watches whether the process of a task still writes its row. Clocks of two machines need not agree for it. */
const isSilent = async (
  { id, updatedAt }: Task,
  find: (id: string) => Promise<Task>,
  signal: AbortSignal,
): Promise<boolean> => {
  const end = performance.now() + silenceMs;
  while (performance.now() < end) {
    await delay(looksEvery, undefined, { signal });
    const now = await find(id);
    if (now.state !== 'running') return true;
    if (now.updatedAt !== updatedAt) return false;
  }
  return true;
};
