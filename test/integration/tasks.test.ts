import {
  deepStrictEqual,
  match,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
} from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { markItem, markScope, readMarks } from '../../cli/tasks/marks.ts';
import { outcomeScope, readOutcomes } from '../../cli/tasks/outcomes.ts';
import { writeRecordRows } from '../../cli/tasks/record-rows.ts';
import { openTasks } from '../../cli/tasks/tasks.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';
import { targetOf } from '../support/target-of.ts';

const { signal } = new AbortController();
const asked = { command: 'redrive', who: 'ada', what: 'late records to tables', plan: { n: 1 } };

/** Lists the tasks as `user-events tasks --json` prints them. */
const listed = async ({ environment }: TestKeyspace) => {
  const { exitCode, printed } = await operate(['tasks', '--json'], { environment });
  strictEqual(exitCode, 0);
  return printed.map((line) => JSON.parse(line));
};

test('a task is listed with its progress, its end and its audit data, the newest first, and audit lines beside it', async () => {
  await using keyspace = await openKeyspace();
  const tasks = await openTasks(targetOf(keyspace));
  using task = await tasks.begin(asked);
  deepStrictEqual(
    (await listed(keyspace)).map(({ task: id, state, who, what }) => ({ id, state, who, what })),
    [{ id: task.id, state: 'running', who: 'ada', what: 'late records to tables' }],
  );
  task.count('done', 2);
  task.count('failed');
  await task.end('incomplete', 'a record failed');
  // The ids of one second are in no order.
  while (new Date().toISOString().slice(0, 19) <= idTime(task.id)) await tasks.find(task.id);
  await tasks.record({
    command: 'replay',
    who: 'grace',
    what: 'the group to offset 5',
    detail: '',
    counts: new Map([['partitions', 3]]),
  });
  deepStrictEqual(
    (await listed(keyspace)).map(({ command, state, counts, detail }) => [
      command,
      state,
      counts,
      detail,
    ]),
    [
      ['replay', 'done', '3 partitions', ''],
      ['redrive', 'incomplete', '2 done, 1 failed', 'a record failed'],
    ],
  );
});

/** Gives the second of a task's id as ISO 8601 has it. */
const idTime = (id: string): string =>
  id.replace(/^(....)(..)(..)-(..)(..)(..)-.*$/, '$1-$2-$3T$4:$5:$6');

test('a running task that is stopped from outside learns it, and can be resumed with its plan and its counts', async () => {
  await using keyspace = await openKeyspace();
  const { environment } = keyspace;
  const tasks = await openTasks(targetOf(keyspace));
  using task = await tasks.begin(asked);
  task.count('done', 5);
  const stopping = once(task.signal, 'abort');
  const { exitCode } = await operate(['tasks', 'stop', task.id], { environment });
  strictEqual(exitCode, 0);
  await stopping;
  match(String(task.signal.reason), /somebody has asked for the stop/);
  await task.end('stopped', 'on request');
  strictEqual((await operate(['tasks', 'stop', task.id], { environment })).exitCode, 1);

  using again = await tasks.resume(task.id, 'redrive', signal);
  deepStrictEqual(again.plan, { n: 1 });
  deepStrictEqual([...again.counts], [['done', 5]]);
  again.count('done');
  await again.end('done', '');
  // The wish to stop the first process is not that of the second.
  ok(!again.signal.aborted);
  deepStrictEqual([...(await tasks.find(task.id)).counts], [['done', 6]]);
  await rejects(tasks.resume(task.id, 'redrive', signal), /is done: nothing is left/);
});

test('a task is worked on by one process: another waits whether it is silent, and the first stops once it has lost it', async () => {
  await using keyspace = await openKeyspace();
  const tasks = await openTasks(targetOf(keyspace));
  const others = await openTasks(targetOf(keyspace));
  using task = await tasks.begin(asked);
  await rejects(others.resume(task.id, 'redrive', signal), /A process works on the task/);
  await rejects(others.resume(task.id, 'forget', signal), /belongs to redrive, not to forget/);
  await rejects(others.resume('20261125-101531-3f9a1c', 'redrive', signal), /There is no task/);
  // As if its process had died.
  task[Symbol.dispose]();
  using taken = await others.resume(task.id, 'redrive', signal);
  await task.end('done', 'by the first');
  match(String(task.signal.reason), /another process has taken it up/);
  await taken.end('stopped', 'by the second');
  strictEqual((await tasks.find(task.id)).detail, 'by the second');
});

test('the outcome of each record is kept once, however often it is written, and is listed by tasks show', async () => {
  await using keyspace = await openKeyspace();
  const { client, name, environment } = keyspace;
  const tasks = await openTasks(targetOf(keyspace));
  using task = await tasks.begin(asked);
  const row = (record: string, state: string) => ({
    scope: outcomeScope(task.id, record),
    item: record,
    command: 'redrive',
    task: task.id,
    state,
    detail: `detail of ${record}`,
    what: 'tables',
    tries: 1,
  });
  const records = Array.from({ length: 1_000 }, (_, offset) => `clicks/0/${offset}`);
  await writeRecordRows(client, name, [...records.map((one) => row(one, 'failed'))]);
  await writeRecordRows(client, name, [...records.slice(1).map((one) => row(one, 'done'))]);
  await task.end('incomplete', '');
  const found = await Array.fromAsync(readOutcomes(client, name, task.id, signal));
  deepStrictEqual(found.map(({ record }) => record).toSorted(), records.toSorted());
  const few = await operate(['tasks', 'show', task.id, '--limit', '2', '--json'], {
    environment: keyspace.environment,
  });
  strictEqual(few.printed.length, 2);
  match(few.told.join('\n'), /2 records; there may be more \(--limit\)/);
  const failed = await operate(['tasks', 'show', task.id, '--outcome', 'failed', '--json'], {
    environment,
  });
  deepStrictEqual(
    failed.printed.map((line) => JSON.parse(line)).map(({ record, detail }) => [record, detail]),
    [['clicks/0/0', 'detail of clicks/0/0']],
  );
  match(failed.told.join('\n'), /late records to tables/);
});

test('marks of records are found again by offsets of 64 bits, many at once', async () => {
  await using keyspace = await openKeyspace();
  const { client, name } = keyspace;
  const at = (offset: bigint, partition = 0) => ({ topic: 'clicks', partition, offset });
  const marked = [
    at(9_223_372_036_854_775_807n),
    ...Array.from({ length: 250 }, (_, one) => at(BigInt(one) * 7n)),
  ];
  await writeRecordRows(
    client,
    name,
    marked.map((record) => ({
      scope: markScope(record),
      item: markItem(record),
      command: 'redrive',
      task: 'a-task',
      state: record.offset === 7n ? 'sending' : 'redriven',
      detail: '',
      what: 'topic',
      tries: 2,
    })),
  );
  const found = await readMarks(client, name, [...marked, at(1n), at(7n, 1)], signal);
  deepStrictEqual([...found.keys()].toSorted(), marked.map(markItem).toSorted());
  deepStrictEqual(
    [found.get('clicks/0/7')?.state, found.get('clicks/0/14')?.state],
    ['sending', 'redriven'],
  );
  const { at: when, ...mark } = found.get('clicks/0/9223372036854775807') ?? { at: null };
  deepStrictEqual(mark, { state: 'redriven', task: 'a-task', to: 'topic', tries: 2 });
  notStrictEqual(when, null);
});

test('a keyspace without the table is told with the statement that makes it, which tasks --cql prints too', async () => {
  await using keyspace = await openKeyspace();
  const { client, name, environment } = keyspace;
  await client.execute(`DROP TABLE ${name}.operations`, [], { prepare: false });
  const { printed } = await operate(['tasks', '--cql'], { environment });
  await rejects(operate(['tasks'], { environment }), ({ message }: Error) =>
    message.endsWith(`\n\n${printed.join('\n')}`),
  );
  await client.execute(printed.join('\n'), [], { prepare: false });
  deepStrictEqual(await listed(keyspace), []);
});
