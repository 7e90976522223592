import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readTopic } from '../../cli/kafka/read-topic.ts';
import { isProblem } from '../../cli/redrive/candidate.ts';
import { envelopeReader } from '../../cli/redrive/sources/envelope-candidates.ts';
import { outcomeScope } from '../../cli/tasks/outcomes.ts';
import { openTasks } from '../../cli/tasks/tasks.ts';
import type { Header } from '../../functions/ingest/pipeline/kafka-record.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { envelopeOf } from '../support/failure-envelope.ts';
import { handleTopic } from '../support/handle-topic.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';
import { type GivenRejected, writeRejected } from '../support/rejected-rows.ts';
import { targetOf } from '../support/target-of.ts';

const hour = 3_600_000;
const now = Date.now();
const user = (digit: number): string =>
  `11111111-1111-4111-8111-${String(digit).padStart(12, '0')}`;

/** Makes the bytes of an event. */
const eventBytes = (digit: number, type = 'click'): Buffer =>
  encode({ user_id: user(digit), event_time: now - hour, event_type: type });

/** Makes a rejected row of a late event. */
const late = (topic: string, offset: number, more: Partial<GivenRejected> = {}): GivenRejected => ({
  topic,
  offset: BigInt(offset),
  reason: 'late',
  detail: 'event_time is 1 h behind the watermark',
  eventTime: now - hour,
  watermark: now,
  key: Buffer.from(`key-${offset}`),
  value: eventBytes(offset),
  ...more,
});

interface Printed {
  readonly record: string;
  readonly became?: string;
  readonly 'would become'?: string;
  readonly detail: string;
}

const nameOf = ({ record, became }: Printed): string => `${record} ${became}`;

/** Runs a redrive, and gives what it says of each record, in the order of their names. */
const redrive = async (
  { environment }: Pick<TestKeyspace, 'environment'>,
  topic: string,
  args: readonly string[],
  more: Parameters<typeof operate>[1] = {},
) => {
  const { exitCode, printed, told, goesOnBy } = await operate(['redrive', ...args, '--json'], {
    environment,
    topic,
    ...more,
  });
  const records = printed
    .map((line) => JSON.parse(line) as Printed)
    .toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  return {
    exitCode,
    told: told.join('\n'),
    goesOnBy,
    became: records.map(({ became, record }) => `${record.split('/').at(-1)} ${became}`),
    would: records.map(
      ({ record, ...row }) => `${record.split('/').at(-1)} ${row['would become']}`,
    ),
    details: records.map(({ detail }) => detail),
  };
};

const count = async ({ rows, name }: TestKeyspace, table: string): Promise<number> =>
  (await rows(`SELECT * FROM ${name}.${table}`)).length;

test('late events are told of first, then written as rows by --yes, marked, and not redriven twice unless that is asked for', async () => {
  await using keyspace = await openKeyspace();
  const { client, name } = keyspace;
  await client.execute(
    `INSERT INTO ${name}.partition_watermarks (consumer_group, topic, partition, next_offset, max_event_time) VALUES (?, 'clicks', 0, 9, ?)`,
    [keyspace.config.consumerGroup, new Date(now)],
    { prepare: true },
  );
  await writeRejected(client, name, [
    ...[0, 1, 2].map((offset) => late('clicks', offset)),
    { ...late('clicks', 3), reason: 'undecodable', value: Buffer.from('none') },
  ]);
  const args = ['--reason', 'late', '--to', 'tables'];

  const dry = await redrive(keyspace, 'clicks', args);
  strictEqual(dry.exitCode, 0);
  deepStrictEqual(dry.would, ['0 done', '1 done', '2 done']);
  match(
    dry.told,
    /3 records of 3 would be redriven to the tables\.\nNothing was written\. --yes does it\.$/,
  );
  strictEqual(await count(keyspace, 'user_events'), 0);
  strictEqual(await count(keyspace, 'operations'), 0);

  const done = await redrive(keyspace, 'clicks', [...args, '--yes']);
  strictEqual(done.exitCode, 0);
  deepStrictEqual(done.became, ['0 done', '1 done', '2 done']);
  match(done.told, /The rows of rejected_events stay/);
  strictEqual(await count(keyspace, 'user_events'), 3);
  strictEqual(await count(keyspace, 'rejected_events'), 4);
  const [checkpoint] = await keyspace.rows(`SELECT * FROM ${name}.partition_watermarks`);
  strictEqual(String(checkpoint?.['next_offset']), '9');

  const again = await redrive(keyspace, 'clicks', [...args, '--yes']);
  strictEqual(again.exitCode, 0);
  deepStrictEqual(again.became, ['0 already redriven', '1 already redriven', '2 already redriven']);
  match(again.details[0] ?? '', /^task \d{8}-\d{6}-\w{6} has redriven it to the tables, /);
  const asked = await redrive(keyspace, 'clicks', [...args, '--yes', '--again']);
  deepStrictEqual(asked.details, Array(3).fill('its row is there'));

  const { printed } = await operate(['tasks', '--json'], { environment: keyspace.environment });
  deepStrictEqual(
    printed
      .map((line) => JSON.parse(line))
      .map(({ state, counts, who }) => [state, counts, who])
      .toSorted(),
    [
      ['done', '3 already redriven', 'a test'],
      ['done', '3 done', 'a test'],
      ['done', '3 done', 'a test'],
    ],
  );
});

test('at a terminal a question stands between the count and the writing', async () => {
  await using keyspace = await openKeyspace();
  await writeRejected(keyspace.client, keyspace.name, [late('clicks', 0)]);
  const args = ['redrive', '--all', '--to', 'tables'];
  const given = { environment: keyspace.environment };
  const { printed, exitCode } = await operate(args, { ...given, confirms: true });
  strictEqual(exitCode, 0);
  match(
    printed.join('\n'),
    /would become +detail +records\n─+ +─+ +─+\ndone +its row would be written +1\n/,
  );
  match(printed.join('\n'), /became +detail +records\n─+ +─+ +─+\ndone +its row was written +1$/);
  strictEqual(await count(keyspace, 'user_events'), 1);
});

test('what cannot be redriven is an outcome of its own, and never shown as success', async () => {
  await using keyspace = await openKeyspace({ EVENT_TIME_EARLIEST: '2020-01-01T00:00:00Z' });
  const { client, name } = keyspace;
  const tried = (n: string): Header[] => [
    { name: 'user-events.redrive.try', value: Buffer.from(n) },
  ];
  await writeRejected(client, name, [
    late('clicks', 0),
    late('clicks', 1, { reason: 'undecodable', value: Buffer.from('no event') }),
    late('clicks', 2, { value: encode({ event_time: 0 }) }),
    late('clicks', 3, { value: null, key: null }),
    late('clicks', 4, { reason: 'tombstone', value: null }),
    late('clicks', 5, { headers: tried('3') }),
    late('clicks', 6, { headers: tried('2') }),
  ]);
  const { exitCode, became, told, details } = await redrive(keyspace, 'clicks', [
    '--all',
    ...['--to', 'tables', '--yes'],
  ]);
  strictEqual(exitCode, 1);
  deepStrictEqual(became, [
    '0 done',
    '1 still rejected',
    '2 still rejected',
    '3 forgotten',
    '4 still rejected',
    '5 too many tries',
    '6 done',
  ]);
  match(details[2] ?? '', /^invalid_event_time: /);
  match(told, /Not everything was redriven\. `user-events tasks show /);
});

test('a row of another record stays, unless --overwrite is given; of one partition the later record has the row', async () => {
  await using keyspace = await openKeyspace();
  const { client, name } = keyspace;
  const event = (event_id: string) =>
    encode({ user_id: user(1), event_time: now - hour, event_id });
  const [first, second, third] = ['1', '2', '3'].map(
    (digit) => `22222222-2222-4222-8222-22222222222${digit}`,
  ) as [string, string, string];
  const rowIds = async (): Promise<string[]> =>
    (await keyspace.rows(`SELECT event_id FROM ${name}.user_events`)).map((row) =>
      String(row['event_id']),
    );
  await writeRejected(client, name, [
    late('clicks', 0, { value: event(first) }),
    late('clicks', 1, { value: event(second) }),
  ]);
  const args = ['--all', '--to', 'tables', '--yes'];
  const both = await redrive(keyspace, 'clicks', args);
  deepStrictEqual(both.details, [
    'its row was written',
    'its row was written over another record’s',
  ]);
  deepStrictEqual(await rowIds(), [second]);

  await writeRejected(client, name, [late('clicks', 2, { partition: 1, value: event(third) })]);
  const kept = await redrive(keyspace, 'clicks', args);
  strictEqual(kept.exitCode, 0);
  deepStrictEqual(kept.became, ['0 already redriven', '1 already redriven', '2 superseded']);
  deepStrictEqual(await rowIds(), [second]);
  const over = await redrive(keyspace, 'clicks', [...args, '--overwrite']);
  deepStrictEqual(over.became.at(-1), '2 done');
  deepStrictEqual(await rowIds(), [third]);
});

/** A topic of two partitions, and a keyspace. */
const topicAndKeyspace = async (t: TestContext) => {
  const topic = await createTopic(t, 2);
  const keyspace = await openKeyspace();
  t.after(() => keyspace[Symbol.asyncDispose]());
  return {
    topic,
    keyspace,
    run: (...args: readonly string[]) =>
      redrive(keyspace, topic.name, args, { bootstrapServers: topic.bootstrapServers }),
    /** Reads the records of the topic, of both partitions. */
    records: async () =>
      (await readTopic({ bootstrapServers: topic.bootstrapServers }, topic.name, 1_000)).flat(),
  };
};

test('a record goes back to its topic with its key, value, headers, timestamp and partition, and says where it comes from', async (t) => {
  const { topic, keyspace, run, records } = await topicAndKeyspace(t);
  const day = '2026-11-28';
  const headers = [
    { name: 'trace', value: Buffer.from([0, 255]) },
    { name: 'trace', value: null },
    { name: 'empty', value: Buffer.alloc(0) },
  ];
  await writeRejected(keyspace.client, keyspace.name, [
    // Rows of one day are read in the order of their offsets, whatever the hour is.
    late(topic.name, 7, { partition: 1, day, headers, recordTimestamp: now - 2 * hour }),
    late(topic.name, 8, { partition: 1, day, key: null }),
    late(topic.name, 9, { partition: 5 }),
  ]);
  const dry = await run('--all', '--to', 'topic');
  deepStrictEqual(dry.would, ['7 done', '8 done', '9 refused']);
  deepStrictEqual(dry.details[0], 'it would be sent, and its row be written');
  deepStrictEqual(await records(), []);

  const { exitCode, became, details, told } = await run('--all', '--to', 'topic', '--yes');
  strictEqual(exitCode, 1);
  deepStrictEqual(became, ['7 done', '8 done', '9 refused']);
  strictEqual(details[2], `${topic.name} has no partition 5`);
  const [, task = ''] = /The task is (\S+)\./.exec(told) ?? [];
  const found = await records();
  const origin = (offset: number) => [
    ['__dlq.errors.topic', topic.name],
    ['__dlq.errors.partition', '1'],
    ['__dlq.errors.offset', `${offset}`],
    ['user-events.redrive.try', '1'],
    ['user-events.redrive.task', task],
  ];
  deepStrictEqual(
    found.map((record) => ({
      ...record,
      headers: record.headers.map(({ name, value }) => [name, value?.toString('latin1')]),
    })),
    [
      {
        topic: topic.name,
        partition: 1,
        offset: 0,
        timestamp: now - 2 * hour,
        key: Buffer.from('key-7'),
        value: eventBytes(7),
        headers: [['trace', '\u0000ÿ'], ['trace', undefined], ['empty', ''], ...origin(7)],
      },
      {
        topic: topic.name,
        partition: 1,
        offset: 1,
        timestamp: found[1]?.timestamp,
        key: null,
        value: eventBytes(8),
        headers: origin(8),
      },
    ],
  );
});

test('a record that is rejected again after a redrive is the next try, up to the most', async (t) => {
  const { topic, keyspace, run, records } = await topicAndKeyspace(t);
  await topic.produce([{ partition: 0, key: Buffer.from('k'), value: Buffer.from('no event') }]);
  await handleTopic(topic, keyspace);
  const tries = async (): Promise<string[]> =>
    (await records()).map(
      ({ headers }) =>
        headers
          .filter(({ name }) => name === 'user-events.redrive.try')
          .map(({ value }) => `${value}`)
          .join() || '0',
    );
  for (const expected of [
    ['0', '1'],
    ['0', '1', '2'],
  ]) {
    await run('--all', '--to', 'topic', '--yes', '--tries', '2');
    deepStrictEqual(await tries(), expected);
    await handleTopic(topic, keyspace);
  }
  const { became, exitCode } = await run('--all', '--to', 'topic', '--yes', '--tries', '2');
  strictEqual(exitCode, 1);
  deepStrictEqual(became, ['0 already redriven', '1 already redriven', '2 too many tries']);
  deepStrictEqual(await tries(), ['0', '1', '2']);
});

test('a dry run to the topic tells a record that would be late again', async (t) => {
  const { topic, keyspace, run } = await topicAndKeyspace(t);
  const at = (event_time: number, digit: number) => ({
    partition: 0,
    timestamp: BigInt(now),
    value: encode({ event_time, user_id: user(digit) }),
  });
  await topic.produce([at(now, 0), at(now - hour, 1)]);
  await handleTopic(topic, keyspace);
  const { details } = await run('--reason', 'late', '--to', 'topic');
  deepStrictEqual(details, [
    'it would be sent, and rejected again: late, event_time is 58 min behind the watermark',
  ]);
});

test('a task that is stopped goes on where it was: nothing is left out, and nothing is done twice', async () => {
  await using keyspace = await openKeyspace();
  const { environment, client, name } = keyspace;
  await writeRejected(
    client,
    name,
    Array.from({ length: 60 }, (_, offset) => late('clicks', offset)),
  );
  const tasks = await openTasks(targetOf(keyspace));
  const begun = operate(['redrive', '--all', '--to', 'tables', '--yes', '--rate', '10', '--json'], {
    environment,
  });
  const running = async () => (await Array.fromAsync(tasks.list(new AbortController().signal)))[0];
  while ((await running())?.counts.get('done') === undefined);
  const id = (await running())?.id ?? '';
  strictEqual((await operate(['tasks', 'stop', id], { environment })).exitCode, 0);
  const stopped = await begun;
  strictEqual(stopped.exitCode, 1);
  match(
    stopped.told.join('\n'),
    /somebody has asked for the stop\. Go on by: user-events redrive --resume /,
  );
  strictEqual((await tasks.find(id)).state, 'stopped');
  const before = stopped.printed.length;
  ok(before > 0 && before < 60);

  const rest = await operate([...(stopped.goesOnBy ?? []), '--rate', '1000'], { environment });
  strictEqual(rest.exitCode, 0);
  // Each record is told once, by the process that has redriven it.
  const names = [...stopped.printed, ...rest.printed].map((line) => JSON.parse(line).record);
  deepStrictEqual([names.length, new Set(names).size], [60, 60]);
  const task = await tasks.find(id);
  deepStrictEqual([task.state, [...task.counts]], ['done', [['done', 60]]]);
  strictEqual(await count(keyspace, 'user_events'), 60);
});

test('records that were on their way to the topic when the process died are sent again, and told as such', async (t) => {
  const { topic, keyspace, run } = await topicAndKeyspace(t);
  await writeRejected(keyspace.client, keyspace.name, [late(topic.name, 0), late(topic.name, 1)]);
  const tasks = await openTasks(targetOf(keyspace));
  const args = ['--all', '--to', 'topic', '--yes'];
  const first = await run(...args);
  const [, id = ''] = /The task is (\S+)\./.exec(first.told) ?? [];
  // As if the process had died before the brokers' answer.
  for (const statement of [
    `UPDATE ${keyspace.name}.operations SET state = 'sending' WHERE scope = 'redriven/${topic.name}/0/0' AND item = '${topic.name}/0/1'`,
    `DELETE FROM ${keyspace.name}.operations WHERE scope = '${outcomeScope(id, `${topic.name}/0/1`)}' AND item = '${topic.name}/0/1'`,
    `UPDATE ${keyspace.name}.operations SET state = 'failed' WHERE scope = 'tasks' AND item = '${id}'`,
  ])
    await keyspace.client.execute(statement, [], { prepare: false });
  const other = await run(...args);
  deepStrictEqual(other.became, ['0 already redriven', '1 already redriven']);
  match(other.details[1] ?? '', /was sending it to the topic, .* may not have arrived: resume/);
  const { exitCode, details } = await run('--resume', id, '--yes');
  strictEqual(exitCode, 0);
  deepStrictEqual(details, [
    'it was sent; a process that has died may have sent it too, so that the topic may have it twice',
  ]);
  strictEqual((await tasks.find(id)).state, 'done');
});

test('--limit bounds what is redriven, and what was redriven before does not count', async () => {
  await using keyspace = await openKeyspace();
  await writeRejected(
    keyspace.client,
    keyspace.name,
    [0, 1, 2, 3, 4].map((offset) => late('clicks', offset)),
  );
  const args = ['--all', '--to', 'tables', '--yes', '--limit', '2'];
  for (const rows of [2, 4, 5]) {
    await redrive(keyspace, 'clicks', args);
    strictEqual(await count(keyspace, 'user_events'), rows);
  }
});

/** Makes an empty folder, which is removed when the test ends. */
const folderFor = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'redrive-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
};

test('failed batches of a folder become rows; a file that is no envelope is told, and a record that is still broken is kept with its reason', async (t) => {
  await using keyspace = await openKeyspace();
  const folder = await folderFor(t);
  const at = (offset: number, value: Buffer) => ({ topic: 'clicks', partition: 0, offset, value });
  await writeFile(
    join(folder, 'a.json'),
    JSON.stringify(
      envelopeOf([at(0, eventBytes(0)), at(1, eventBytes(1)), at(2, Buffer.from('x'))]),
    ),
  );
  await writeFile(join(folder, 'b.json'), '{"hello": 1}');
  await writeFile(join(folder, 'c.json'), JSON.stringify(envelopeOf([at(1, eventBytes(1))])));
  const args = ['--from-failed', folder, '--to', 'tables'];
  const dry = await redrive(keyspace, 'clicks', args);
  deepStrictEqual([dry.exitCode, dry.would[0]], [1, 'b.json unreadable']);
  const { exitCode, became, told } = await redrive(keyspace, 'clicks', [...args, '--yes']);
  strictEqual(exitCode, 1);
  deepStrictEqual(became, [
    'b.json unreadable',
    '0 done',
    '1 already redriven',
    '1 done',
    '2 rejected',
  ]);
  match(told, /The batches in .* stay\./);
  strictEqual(await count(keyspace, 'user_events'), 2);
  strictEqual(await count(keyspace, 'rejected_events'), 1);
});

test('failed batches of which nothing is left to be done are removed from their folder where that is asked for, in the same task or later', async (t) => {
  await using keyspace = await openKeyspace();
  const folder = await folderFor(t);
  const write = (name: string, offset: number) =>
    writeFile(
      join(folder, name),
      JSON.stringify(
        envelopeOf([{ topic: 'clicks', partition: 0, offset, value: eventBytes(offset) }]),
      ),
    );
  await write('a.json', 0);
  await writeFile(join(folder, 'b.json'), '{"hello": 1}');
  const run = (...words: readonly string[]) =>
    redrive(keyspace, 'clicks', ['--from-failed', folder, '--to', 'tables', ...words]);
  await run('--yes');
  deepStrictEqual((await readdir(folder)).toSorted(), ['a.json', 'b.json']);

  await write('c.json', 1);
  const dry = await run('--remove');
  match(dry.told, /Nothing was written/);
  deepStrictEqual((await readdir(folder)).toSorted(), ['a.json', 'b.json', 'c.json']);
  const { exitCode, became, told } = await run('--remove', '--yes');
  deepStrictEqual([exitCode, became], [1, ['b.json unreadable', '0 already redriven', '1 done']]);
  match(told, /2 batches were removed from .* The others stay\./);
  deepStrictEqual(await readdir(folder), ['b.json']);
});

test('an envelope without the records is read from the topic, and what the topic no longer has is told', async (t) => {
  const { topic, keyspace, run } = await topicAndKeyspace(t);
  await topic.produce(
    Array.from({ length: 5 }, (_, digit) => ({ partition: 0, value: eventBytes(digit) })),
  );
  await topic.deleteBelow(0, 2);
  const folder = await folderFor(t);
  const { payload: _, ...notice } = envelopeOf(
    [1, 2, 3].map((offset) => ({ topic: topic.name, partition: 0, offset, value: null })),
  );
  await writeFile(join(folder, 'notice.json'), JSON.stringify(notice));
  const { became, exitCode } = await run('--from-failed', folder, '--to', 'tables', '--yes');
  strictEqual(exitCode, 1);
  deepStrictEqual(became, ['1 gone', '2 done', '3 done']);
  strictEqual(await count(keyspace, 'user_events'), 2);
});

// Reading ended there without a word: the envelope was taken for done, and its message deleted.
test('records that the topic deletes while their envelope is read are told as gone, and those behind them are read', async (t) => {
  const { topic } = await topicAndKeyspace(t);
  // A broker answers with a mebibyte at once: the second record comes by a second request.
  const value = Buffer.alloc(700_000);
  for (let record = 0; record < 5; record += 1) await topic.produce([{ partition: 0, value }]);
  const { payload: _, ...notice } = envelopeOf(
    [0, 1, 2, 3, 4, 5, 6].map((offset) => ({ topic: topic.name, partition: 0, offset, value })),
  );
  const { bootstrapServers } = topic;
  await using reader = envelopeReader(topic.name, async () => ({ bootstrapServers }));
  const names: string[] = [];
  const { signal } = new AbortController();
  for await (const { name, found } of reader.read('notice', JSON.stringify(notice), signal)) {
    names.push(`${name.split('/').at(-1)}${isProblem(found) ? ` ${found.outcome}` : ''}`);
    if (names.length === 1) {
      await topic.deleteBelow(0, 4);
      // A record that comes after the topic was opened is no less there.
      await topic.produce([{ partition: 0, value }]);
    }
  }
  deepStrictEqual(names, ['0', '1..3 gone', '4', '5', '6 gone']);
});

// Nothing came of such an envelope: a message was deleted, and a file removed, for its records.
test('an envelope whose offsets lie beyond a topic that was made anew is told as gone, and is not removed', async (t) => {
  const { topic, run } = await topicAndKeyspace(t);
  await topic.produce([{ partition: 0, value: eventBytes(0) }]);
  const folder = await folderFor(t);
  const { payload: _, ...notice } = envelopeOf(
    [7, 8].map((offset) => ({ topic: topic.name, partition: 0, offset, value: null })),
  );
  await writeFile(join(folder, 'notice.json'), JSON.stringify(notice));
  const args = ['--from-failed', folder, '--to', 'tables', '--remove', '--yes'];
  const { became, exitCode } = await run(...args);
  deepStrictEqual([exitCode, became], [1, ['7..8 gone']]);
  deepStrictEqual(await readdir(folder), ['notice.json']);
});

test('an on-failure topic of AWS and dead letters of other programs become the records that they were', async (t) => {
  const { topic, run, records } = await topicAndKeyspace(t);
  const failed = await createTopic(t, 1);
  const { payload, ...rest } = envelopeOf([
    { topic: topic.name, partition: 1, offset: 11, value: eventBytes(11) },
  ]);
  await failed.produce([
    { value: Buffer.from(JSON.stringify({ ...rest, payload: JSON.parse(payload) })) },
  ]);
  const fromTopic = await run('--from-failed', `kafka://${failed.name}`, '--to', 'tables', '--yes');
  deepStrictEqual(fromTopic.became, ['11 done']);

  const dead = await createTopic(t, 1);
  const text = (value: string): Buffer => Buffer.from(value);
  const int = Buffer.alloc(4);
  int.writeInt32BE(1);
  const long = Buffer.alloc(8);
  long.writeBigInt64BE(24n);
  const letter = (digit: number, headers: readonly (readonly [string, Buffer])[]) => ({
    key: text(`k${digit}`),
    value: eventBytes(digit),
    headers: new Map(
      [...headers, ['kept', text('1')] as const].map(([name, value]) => [text(name), value]),
    ),
  });
  const origin = (prefix: string, offset: string): [string, Buffer][] => [
    [`${prefix}topic`, text(topic.name)],
    [`${prefix}partition`, text('0')],
    [`${prefix}offset`, text(offset)],
    [`${prefix}message`, text('it was bad')],
  ];
  await dead.produce([
    letter(21, origin('__connect.errors.', '21')),
    letter(22, origin('__streams.errors.', '22')),
    letter(23, origin('__dlq.errors.', '23')),
    letter(24, [
      ['kafka_dlt-original-topic', text(topic.name)],
      ['kafka_dlt-original-partition', int],
      ['kafka_dlt-original-offset', long],
      ['kafka_dlt-exception-stacktrace', text('at …')],
    ]),
    letter(25, [['x-original-topic', text(topic.name)]]),
    letter(26, []),
  ]);
  const fromDead = await run('--from-dead-letters', dead.name, '--to', 'topic', '--yes');
  strictEqual(fromDead.exitCode, 0);
  const found = (await records()).toSorted((one, other) =>
    `${one.key}` < `${other.key}` ? -1 : 1,
  );
  deepStrictEqual(
    found.map(({ key, value, partition, headers }) => {
      const of = (name: string) => headers.find((one) => one.name === name)?.value;
      return [
        `${key}`,
        value?.equals(eventBytes(Number(`${key}`.slice(1)))),
        [21, 22, 23, 24].includes(Number(`${key}`.slice(1))) ? partition : 'by its key',
        `${of('__dlq.errors.topic') === undefined ? '' : of('__dlq.errors.topic')}`
          .replace(topic.name, 'own')
          .replace(dead.name, 'dead'),
        `${of('__dlq.errors.offset')}`,
        headers
          .map(({ name }) => name)
          .filter((name) => !name.startsWith('__dlq') && !name.startsWith('user-events')),
      ];
    }),
    [
      ['k21', true, 0, 'own', '21', ['kept']],
      ['k22', true, 0, 'own', '22', ['kept']],
      ['k23', true, 0, 'own', '23', ['kept']],
      ['k24', true, 1, 'own', '24', ['kept']],
      ['k25', true, 'by its key', 'dead', '4', ['kept']],
      ['k26', true, 'by its key', 'dead', '5', ['kept']],
    ],
  );
  const twice = await run('--from-dead-letters', dead.name, '--to', 'topic', '--yes');
  deepStrictEqual(
    new Set(twice.became.map((one) => one.slice(one.indexOf(' ') + 1))),
    new Set(['already redriven']),
  );
});

// Another function's batches in a bucket of both became rows here, and their objects were removed.
test('batches and dead letters of another topic are told as such, and stay', async (t) => {
  const { topic, keyspace, run } = await topicAndKeyspace(t);
  const folder = await folderFor(t);
  const at = (name: string) => [
    { topic: name, partition: 0, offset: 1, value: eventBytes(1) },
    { topic: name, partition: 0, offset: 2, value: eventBytes(2) },
  ];
  const { payload: _, ...notice } = envelopeOf(at('elsewhere'));
  await writeFile(join(folder, 'batch.json'), JSON.stringify(envelopeOf(at('elsewhere'))));
  await writeFile(join(folder, 'notice.json'), JSON.stringify(notice));
  await writeFile(join(folder, 'own.json'), JSON.stringify(envelopeOf(at(topic.name).slice(1))));
  const args = ['--from-failed', folder, '--to', 'tables', '--remove', '--yes'];
  const { became, exitCode, details } = await run(...args);
  deepStrictEqual(
    [exitCode, became.toSorted()],
    [1, ['1 another topic', '1..2 another topic', '2 another topic', '2 done']],
  );
  match(details[0] ?? '', /--topic elsewhere redrives those/);
  deepStrictEqual(await readdir(folder), ['batch.json', 'notice.json']);
  strictEqual(await count(keyspace, 'user_events'), 1);

  const dead = await createTopic(t, 1);
  const header = (name: string, value: string) => [Buffer.from(name), Buffer.from(value)] as const;
  await dead.produce([
    { value: eventBytes(3), headers: new Map([header('__connect.errors.topic', 'elsewhere')]) },
  ]);
  const letters = await run('--from-dead-letters', dead.name, '--to', 'topic', '--yes');
  deepStrictEqual([letters.exitCode, letters.became], [1, ['0 another topic']]);
});

// Neither of two tasks saw what the other was about to send: the topic had the records twice.
test('a task to the topic is refused while another one runs, and goes on when that has ended', async (t) => {
  const { topic, keyspace, run, records } = await topicAndKeyspace(t);
  await writeRejected(
    keyspace.client,
    keyspace.name,
    Array.from({ length: 20 }, (_, offset) => late(topic.name, offset)),
  );
  const tasks = await openTasks(targetOf(keyspace));
  const args = ['--all', '--to', 'topic', '--yes'];
  const first = run(...args, '--rate', '4');
  const all = () => Array.fromAsync(tasks.list(new AbortController().signal));
  while ((await all()).length === 0);
  const one = (await all())[0]?.id ?? '';
  await rejects(run(...args), new RegExp(`^UserFacingError: The task ${one} sends records`));
  const other = (await all()).find(({ id }) => id !== one);
  deepStrictEqual([other?.state, other?.detail.includes(one)], ['stopped', true]);
  strictEqual((await operate(['tasks', 'stop', one], keyspace)).exitCode, 0);
  await first;
  for (const id of [other?.id ?? '', one]) await run('--resume', id, '--yes', '--rate', '1000');
  strictEqual((await records()).length, 20);
});

test('a source that cannot be read, options that contradict each other and a missing table write nothing', async (t) => {
  const { topic, keyspace, run } = await topicAndKeyspace(t);
  await rejects(run('--all'), /Say where to: --to tables/);
  await rejects(run('--to', 'topic', '--overwrite'), /--overwrite belongs to --to tables/);
  await rejects(run('--from-failed', 'a', '--from-file', 'b', '--to', 'tables'), /Only one of/);
  await rejects(run('--from-failed', 'a', '--reason', 'late', '--to', 'tables'), /Filters choose/);
  await rejects(run('--from-failed', '--to', 'tables'), /names no on-failure destination/);
  await rejects(run('--remove', '--to', 'tables'), /--remove belongs to --from-failed/);
  await rejects(run('--from-failed', 'ftp://x', '--to', 'tables'), /s3:\/\/<bucket>/);
  for (const nowhere of [
    ['--from-failed', '/nowhere'],
    ['--from-file', '/nowhere'],
  ])
    await rejects(run(...nowhere, '--to', 'tables', '--yes'), /cannot be read \(ENOENT\)/);
  await rejects(run('--from-failed', 'kafka://nowhere', '--to', 'tables'), /There is no topic/);
  await rejects(run('--resume', '20261125-101531-3f9a1c'), /There is no task/);
  strictEqual(await count(keyspace, 'operations'), 0);
  await keyspace.client.execute(`DROP TABLE ${keyspace.name}.operations`, [], { prepare: false });
  await writeRejected(keyspace.client, keyspace.name, [late(topic.name, 0)]);
  await rejects(
    run('--all', '--to', 'tables', '--yes'),
    /has no table .*\.operations, .* nothing was written\.[\s\S]*CREATE TABLE/,
  );
  strictEqual(await count(keyspace, 'user_events'), 0);
});
