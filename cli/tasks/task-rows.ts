import { types } from 'cassandra-driver';
import type { Task, TaskState } from './task.ts';

/** The scope of the rows that are tasks. */
export const tasksScope = 'tasks';

/** The columns of a task that its process writes, each time all of them: so all of them live as long as the newest. */
const columns = [
  'command',
  'state',
  'detail',
  'who',
  'what',
  'plan',
  'counts',
  'runner',
  'started_at',
  'updated_at',
] as const;

/** Makes the statements on the rows of tasks in a keyspace. */
export const taskStatements = (keyspace: string) => {
  const table = `${keyspace}.operations`;
  const where = `WHERE scope = '${tasksScope}' AND item = ?`;
  const set = columns.map((name) => `${name} = ?`).join(', ');
  return {
    /** Parameters: the columns, then the id. */
    begin:
      `INSERT INTO ${table} (${columns.join(', ')}, item, scope) ` +
      `VALUES (${columns.map(() => '?').join(', ')}, ?, '${tasksScope}') IF NOT EXISTS`,
    /** Parameters: the columns, the id, the runner that it must have. */
    update: `UPDATE ${table} SET ${set} ${where} IF runner = ?`,
    /** Takes a task over, and withdraws a wish to stop it. Parameters as of `update`. */
    takeOver: `UPDATE ${table} SET ${set}, wanted = null ${where} IF runner = ?`,
    /** Parameter: the id. */
    stop: `UPDATE ${table} SET wanted = 'stop' ${where} IF state = 'running'`,
    find: `SELECT * FROM ${table} ${where}`,
    list: `SELECT * FROM ${table} WHERE scope = '${tasksScope}' ORDER BY item DESC`,
  };
};

/** Gives the columns of a task, in the order of the statements. */
export const taskValues = (task: Omit<Task, 'id' | 'isStopWanted'>): unknown[] => [
  task.command,
  task.state,
  task.detail,
  task.who,
  task.what,
  task.plan,
  new Map([...task.counts].map(([name, count]) => [name, types.Long.fromNumber(count)])),
  task.runner,
  new Date(task.startedAt),
  new Date(task.updatedAt),
];

/** Reads the row of a task. */
export const toTask = (row: types.Row): Task => {
  const text = (name: string): string => (row[name] ?? '') as string;
  const time = (name: string): number => (row[name] as Date | null)?.getTime() ?? 0;
  return {
    id: text('item'),
    command: text('command'),
    state: text('state') as TaskState,
    detail: text('detail'),
    who: text('who'),
    what: text('what'),
    plan: text('plan'),
    counts: new Map(
      [...((row['counts'] ?? new Map()) as Map<string, types.Long>)].map(([name, count]) => [
        name,
        Number(count),
      ]),
    ),
    runner: text('runner'),
    isStopWanted: row['wanted'] === 'stop',
    startedAt: time('started_at'),
    updatedAt: time('updated_at'),
  };
};
