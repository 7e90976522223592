import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../../cli/tasks/task.ts';
import { countsText, stateText } from '../../../../cli/tasks/task-text.ts';

test('a running task that nobody has written for long is silent', () => {
  const task = (state: Task['state'], ago: number) =>
    ({ state, updatedAt: Date.now() - ago }) as Task;
  strictEqual(stateText(task('running', 1_000)), 'running');
  strictEqual(stateText(task('running', 60_000)), 'running (silent)');
  strictEqual(stateText(task('stopped', 60_000)), 'stopped');
});

test('counts are written by what they count', () => {
  strictEqual(
    countsText(
      new Map([
        ['done', 1_812],
        ['superseded', 3],
      ]),
    ),
    '1,812 done, 3 superseded',
  );
  strictEqual(countsText(new Map()), '');
});
