import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { types } from 'cassandra-driver';
import type { Task } from '../../../../cli/tasks/task.ts';
import { taskStatements, taskValues, toTask } from '../../../../cli/tasks/task-rows.ts';

const task: Task = {
  id: '20261125-101531-3f9a1c',
  command: 'redrive',
  state: 'stopped',
  detail: 'somebody has asked for the stop',
  who: 'arn:aws:iam::111122223333:user/x',
  what: 'rejected records to the tables',
  plan: '{"to":"tables"}',
  counts: new Map([['done', 5_000_000_000]]),
  runner: 'a-host 1 2',
  isStopWanted: false,
  startedAt: 1_700_000_000_000,
  updatedAt: 1_700_000_001_000,
};
const statements = taskStatements('ks');

test('a task is read as it was written', () => {
  const names = /\((.*), item, scope\) VALUES/.exec(statements.begin)?.[1]?.split(', ') ?? [];
  const values = taskValues(task);
  strictEqual(names.length, values.length);
  const row = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  deepStrictEqual(toTask({ ...row, item: task.id } as unknown as types.Row), task);
  strictEqual(toTask({ wanted: 'stop' } as unknown as types.Row).isStopWanted, true);
});

test('a row with nothing but its key is a task without words', () => {
  const { counts, command, startedAt } = toTask({ item: 'x' } as unknown as types.Row);
  deepStrictEqual([[...counts], command, startedAt], [[], '', 0]);
});

test('each statement has as many parameters as its values', () => {
  const holes = (text: string): number => text.split('?').length - 1;
  const columns = taskValues(task).length;
  deepStrictEqual(
    [statements.begin, statements.update, statements.takeOver, statements.stop].map(holes),
    [columns + 1, columns + 2, columns + 2, 1],
  );
});
