import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { readTopic } from '../../cli/kafka/read-topic.ts';
import { openTasks } from '../../cli/tasks/tasks.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';
import { type GivenRejected, writeRejected } from '../support/rejected-rows.ts';
import { runCommand } from '../support/running-command.ts';
import { targetOf } from '../support/target-of.ts';

/** The records of a test: `REDRIVE_RECORDS=100000` takes minutes. */
const records = Number(process.env['REDRIVE_RECORDS'] ?? 1_500);
const kills = 2;

const now = Date.now();

/** Makes late records, each of a user of its own. */
const lateRecords = function* (topic: string): Generator<GivenRejected> {
  for (let offset = 0; offset < records; offset += 1)
    yield {
      topic,
      offset: BigInt(offset),
      reason: 'late',
      key: Buffer.from(`${offset}`),
      value: encode({
        user_id: `11111111-1111-4111-8111-${String(offset).padStart(12, '0')}`,
        event_time: now - 3_600_000,
      }),
    };
};

/** Kills the process of a redrive some times in the middle, and then lets one come to its end. */
const redriveWithKills = async (
  keyspace: TestKeyspace,
  topic: string,
  to: string,
  bootstrapServers: readonly string[],
) => {
  const { environment } = keyspace;
  const tasks = await openTasks(targetOf(keyspace));
  const variables = {
    ...(environment as Record<string, string>),
    KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(','),
  };
  const newest = async () => (await Array.fromAsync(tasks.list(new AbortController().signal)))[0];
  let args = ['--all', '--to', to, '--topic', topic];
  for (let kill = 0; kill < kills; kill += 1) {
    const before = (await newest())?.counts.get('done') ?? 0;
    await using command = await runCommand(
      ['cli/user-events.ts', 'redrive', ...args, '--yes', '--rate', `${Math.ceil(records / 10)}`],
      variables,
    );
    // A process counts what those before it have done, too.
    await command.until(
      async () => ((await newest())?.counts.get('done') ?? 0) > before + records / 10,
    );
    command.signal('SIGKILL');
    await command.ended();
    args = ['--resume', (await newest())?.id ?? '', '--topic', topic];
  }
  const rest = await operate(['redrive', ...args, '--yes', '--json', '--rate', '1000000'], {
    environment,
    topic,
    bootstrapServers,
  });
  strictEqual(rest.exitCode, 0, rest.told.join('\n'));
  const printed = rest.printed.map(
    (line) => JSON.parse(line) as { readonly record: string; readonly detail: string },
  );
  return { task: await newest(), printed };
};

test('a redrive to the tables whose process is killed twice writes every row, and knows of every record', async () => {
  await using keyspace = await openKeyspace();
  await writeRejected(keyspace.client, keyspace.name, lateRecords('clicks'));
  const { task, printed } = await redriveWithKills(keyspace, 'clicks', 'tables', []);
  deepStrictEqual([task?.state, [...(task?.counts ?? [])]], ['done', [['done', records]]]);
  // The processes before it have told the others.
  const told = new Set(printed.map(({ record }) => record)).size;
  ok(told === printed.length && told < records, `${told} of ${printed.length} records are told`);
  const users = await keyspace.rows(`SELECT user_id FROM ${keyspace.name}.user_events`);
  strictEqual(new Set(users.map((row) => String(row['user_id']))).size, records);
});

test('a redrive to the topic whose process is killed twice sends every record, and twice only those that were on their way', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  await writeRejected(keyspace.client, keyspace.name, lateRecords(topic.name));
  const { task, printed } = await redriveWithKills(
    keyspace,
    topic.name,
    'topic',
    topic.bootstrapServers,
  );
  deepStrictEqual([task?.state, [...(task?.counts ?? [])]], ['done', [['done', records]]]);
  const found = (
    await readTopic({ bootstrapServers: topic.bootstrapServers }, topic.name, records * 2)
  ).flat();
  const times = Map.groupBy(found, ({ key }) => `${topic.name}/0/${key}`);
  strictEqual(times.size, records);
  const told = new Set(
    printed
      .filter(({ detail }) => detail.includes('may have it twice'))
      .map(({ record }) => record),
  );
  const twice = [...times].filter(([, { length }]) => length > 1).map(([record]) => record);
  // A process has one chunk on its way at a time. What an earlier resumption has told is in the task’s outcomes alone.
  ok(twice.length <= kills * 250, `${twice.length} records are on the topic twice`);
  ok(told.size <= 250, `${told.size} records may be on the topic twice`);
});
