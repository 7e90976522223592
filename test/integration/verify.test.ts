import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { types } from 'cassandra-driver';
import { openDestination } from 'local-kafka-trigger';
import { openFindings } from '../../cli/verify/findings-file.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { handleTopic } from '../support/handle-topic.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';
import { openPipeline } from '../support/pipeline.ts';
import { startRegistryServer } from '../support/registry-server.ts';
import { startScript } from '../support/run-script.ts';
import { testServers } from '../support/test-environment.ts';
import { verify } from '../support/verify.ts';
import { confluent, encodeBy, writerSchema } from '../support/writers.ts';

const { bootstrapServers, cassandra } = testServers();
const now = Date.now();
const minute = 60_000;
/** The generated records are of another season: their rejected rows would be past their time to live. */
const keptForEver = { REJECTED_TTL_DAYS: '0' };

const folderOf = async (t: TestContext): Promise<string> => {
  const folder = await temporaryFolder('verify');
  t.after(() => folder[Symbol.asyncDispose]());
  return folder.path;
};

const user = (digit: number): string =>
  `11111111-1111-4111-8111-${String(digit).padStart(12, '0')}`;
const event = (digit: number, time: number, given = {}): Buffer =>
  encode({ user_id: user(digit), event_time: time, ...given });

test('each record of a topic that the function has handled is counted as what the expected tables have', async () => {
  await using pipeline = await openPipeline(4_000, 21);
  await using mapping = await pipeline.startMapping({});
  await mapping.drained(pipeline.ends);
  const { exitCode, counts, found, summary } = await verify(pipeline.keyspace, pipeline.topic);
  deepStrictEqual([exitCode, found], [0, []]);
  const expected = pipeline.expectedTables.counts;
  for (const [reason, of] of Object.entries(expected.rejected))
    strictEqual(counts[`rejected ${reason}`] ?? 0, of, reason);
  strictEqual((counts['matched'] ?? 0) + (counts['superseded'] ?? 0), expected.onTime);
  strictEqual(counts['superseded'], expected.collisions);
  for (const none of ['on trust', 'cannot tell', 'waiting']) strictEqual(counts[none], undefined);
  strictEqual(summary.matched, expected.produced);
  deepStrictEqual(
    [summary.mismatched, summary.only_in_source, summary.only_in_target, summary.skipped],
    [0, 0, null, 0],
  );
});

test('rows that are gone or changed are found, in a file that says where and why; mended, none is found again', async (t) => {
  await using pipeline = await openPipeline(1_500, 22, keptForEver);
  await using mapping = await pipeline.startMapping({});
  await mapping.drained(pipeline.ends);
  const { keyspace, topic } = pipeline;
  const { client, name } = keyspace;
  const run = (query: string, values: readonly unknown[]) =>
    client.execute(query.replace('FROM ', `FROM ${name}.`), [...values], { prepare: true });
  const rows = await Array.fromAsync(keyspace.stream(`SELECT * FROM ${name}.user_events LIMIT 3`));
  const rejected = await Array.fromAsync(
    keyspace.stream(
      `SELECT * FROM ${name}.rejected_events WHERE reason = 'late' LIMIT 2 ALLOW FILTERING`,
    ),
  );
  const keyOf = (row: types.Row) =>
    ['user_id', 'bucket_date', 'event_time', 'event_type'].map((column) => row[column]);
  const where = 'WHERE user_id = ? AND bucket_date = ? AND event_time = ? AND event_type = ?';
  const placeOf = (row: types.Row) =>
    ['topic', 'rejected_date', 'partition', 'offset'].map((column) => row[column]);
  const rejectedWhere = 'WHERE topic = ? AND rejected_date = ? AND partition = ? AND "offset" = ?';
  const [gone, changed] = rows as [types.Row, types.Row];
  const [goneRejected, changedRejected] = rejected as [types.Row, types.Row];
  await run(`DELETE FROM user_events ${where}`, keyOf(gone));
  await client.execute(
    `UPDATE ${name}.user_events SET event_id = ? ${where}`,
    [types.Uuid.random(), ...keyOf(changed)],
    { prepare: true },
  );
  await run(`DELETE FROM rejected_events ${rejectedWhere}`, placeOf(goneRejected));
  await client.execute(
    `UPDATE ${name}.rejected_events SET value = ? ${rejectedWhere}`,
    [Buffer.of(7), ...placeOf(changedRejected)],
    { prepare: true },
  );

  const file = join(await folderOf(t), 'found.jsonl');
  const first = await verify(keyspace, topic, '--out', file);
  strictEqual(first.exitCode, 1);
  const nameOf = (row: types.Row): string => `${row['partition']}/${row['offset']}`;
  const kinds = first.found.map((text) => text.replace(/^\S+ /, '')).sort();
  deepStrictEqual(kinds, [
    'different: its row has values of no record that was read',
    'different: rejected_events has other bytes than the record',
    'missing: no table has it; rejected_events must',
    'missing: no table has it; user_events must',
  ]);
  ok(
    first.found.includes(`${nameOf(goneRejected)} missing: no table has it; rejected_events must`),
  );
  ok(
    first.found.some((text) =>
      text.startsWith(`${nameOf(changedRejected)} different: rejected_events`),
    ),
  );
  match(
    first.told,
    /Look at them again by `verify --again .*found\.jsonl`; mend them by `redrive --from-file/,
  );
  const written = await openFindings(file);
  deepStrictEqual([written.finished, written.header.topic], [true, topic]);
  deepStrictEqual(await Array.fromAsync(written.all()), first.findings);
  // No contents of a record stand in the file.
  const text = await readFile(file, 'utf8');
  for (const row of rows) ok(!text.includes(String(row['user_id'])));

  const again = await verify(keyspace, topic, '--again', file);
  deepStrictEqual([again.exitCode, again.found], [1, first.found]);
  strictEqual(again.counts['read'], 4);

  const redriven = await operate(
    ['redrive', '--from-file', file, '--to', 'tables', '--overwrite', '--yes', '--json'],
    { environment: keyspace.environment, topic, bootstrapServers },
  );
  ok(redriven.printed.length > 0);
  await client.execute(
    `UPDATE ${name}.rejected_events SET value = ? ${rejectedWhere}`,
    [changedRejected['value'], ...placeOf(changedRejected)],
    { prepare: true },
  );
  const mended = await verify(keyspace, topic, '--again', file);
  deepStrictEqual([mended.exitCode, mended.found], [0, []], redriven.printed.join('\n'));
  deepStrictEqual((await verify(keyspace, topic)).found, []);
});

test('Ctrl-C leaves a file that says by which command it goes on', async (t) => {
  await using pipeline = await openPipeline(500, 24);
  await using mapping = await pipeline.startMapping({});
  await mapping.drained(pipeline.ends);
  const file = join(await folderOf(t), 'found.jsonl');
  const environment = {
    ...cassandra,
    ...pipeline.keyspace.environment,
    KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(','),
  };
  const args = ['verify', '--topic', pipeline.topic, '--out', file, '--rate', '20'];
  await using script = startScript('cli/user-events.ts', args, environment);
  while (!(await readFile(file, 'utf8').catch(() => '')).includes('\n'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  script.interrupt();
  const { code, output } = await script.ended;
  strictEqual(code, 130, output);
  match(
    output,
    new RegExp(
      `Go on by: npx user-events verify --resume ${file} --rate 20 --topic ${pipeline.topic}`,
    ),
  );
  // What stands in it by now is no whole look.
  await rejects(
    verify(pipeline.keyspace, pipeline.topic, '--again', file),
    /has not come to its end, .* go on with it by verify --resume/,
  );
  const resumed = await verify(pipeline.keyspace, pipeline.topic, '--resume', file);
  deepStrictEqual([resumed.exitCode, resumed.counts['read']], [0, 500]);
});

test('records of the on-failure destination are kept, and missing where nobody looks into it', async (t) => {
  const folder = await folderOf(t);
  await using pipeline = await openPipeline(600, 25, keptForEver);
  let invocations = 0;
  await using mapping = await pipeline.startMapping({
    retryAttempts: 0,
    onFailure: await openDestination(folder),
    // The first batches fail, and are given up.
    invoke: async (eventJson) => {
      invocations += 1;
      return invocations <= 2
        ? { kind: 'error', errorType: 'E', errorMessage: 'none', cause: 'function' }
        : pipeline.ingest.invoke(eventJson);
    },
  });
  await mapping.drained(pipeline.ends);
  const { keyspace, topic } = pipeline;
  const without = await verify(keyspace, topic);
  strictEqual(without.exitCode, 1);
  const missing = without.counts['missing'] ?? 0;
  ok(missing > 50, `${missing} are missing`);
  const given = await verify(keyspace, topic, '--on-failure', folder);
  deepStrictEqual([given.exitCode, given.counts['missing']], [0, undefined]);
  ok((given.counts['kept'] ?? 0) >= missing - 5, `${given.counts['kept']} of ${missing} are kept`);
  ok(given.findings.every(({ kind }) => kind === 'kept'));

  const redriven = await operate(
    ['redrive', '--from-failed', folder, '--to', 'tables', '--yes', '--json'],
    { environment: keyspace.environment, topic, bootstrapServers },
  );
  const after = await verify(keyspace, topic);
  strictEqual(
    after.counts['missing'] ?? 0,
    0,
    [
      ...after.found,
      ...redriven.printed.filter((line) => !line.includes('"done"')),
      ...redriven.told,
    ].join('\n'),
  );
});

test('records that wait, that are gone, or that a transaction has aborted are told apart from those that are missing', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  const message = (digit: number, time: number) => ({
    partition: 0,
    timestamp: BigInt(time),
    value: event(digit, time),
  });
  const start = now - 60 * minute;
  await topic.produce(Array.from({ length: 20 }, (_, index) => message(index, start + index)));
  await topic.produceAndAbort([message(98, start), message(99, start)]);
  await topic.produce(
    Array.from({ length: 5 }, (_, index) => message(20 + index, start + 100 + index)),
  );
  await handleTopic(topic, keyspace);
  await topic.produce([message(30, start + 300)]);
  await topic.deleteBelow(0, 10);

  const whole = await verify(keyspace, topic.name);
  strictEqual(whole.exitCode, 0);
  deepStrictEqual(
    [whole.counts['matched'], whole.counts['gone'], whole.found],
    [15, undefined, []],
  );
  // The marker of the transaction may stand behind what was handled, and is an offset too.
  ok([1, 2].includes(whole.counts['waiting'] ?? 0));
  // Records that are gone may have been of any time within the hour after.
  strictEqual(whole.counts['on trust'], 15);
  match(
    whole.summary.notes.join('\n'),
    /has no records any more before its first offsets \(0\/10\)/,
  );

  const since = await verify(keyspace, topic.name, '--from', new Date(start).toISOString());
  strictEqual(since.exitCode, 2);
  match(
    since.summary.notes.join('\n'),
    /Not looked at: the topic begins after the time asked for in 1 partition/,
  );
});

// Such a batch was told as waiting until the next one moved the checkpoint, which on a quiet partition may be never.
test('a batch that was given up at the end of a partition is missing, in the lag no more, and wrong in health until it is redriven', async (t) => {
  const topic = await createTopic(t, 1);
  await using keyspace = await openKeyspace({ CONSUMER_GROUP_ID: topic.group });
  const message = (digit: number) => ({ partition: 0, value: event(digit, now) });
  await topic.produce([message(0), message(1)]);
  await handleTopic(topic, keyspace);
  await topic.produce([message(2), message(3), message(4)]);
  // The mapping commits past what it gives up.
  await topic.commit(0, 4);
  const { environment } = keyspace;
  const run = (...words: readonly string[]) =>
    operate(words, { environment, topic: topic.name, bootstrapServers });
  const file = join(await folderOf(t), 'found.jsonl');
  const { exitCode, counts, found } = await verify(keyspace, topic.name, '--out', file);
  deepStrictEqual([exitCode, counts['waiting']], [1, 1]);
  deepStrictEqual(
    found,
    ['0/2', '0/3'].map((place) => `${place} missing: no table has it; user_events must`),
  );
  const says = async () => {
    const partitions = await run('partitions', '--json');
    const health = (await run('health', '--json')).printed.map((line) => JSON.parse(line));
    return {
      lag: JSON.parse(partitions.printed[0] ?? '').lag,
      partitions: partitions.told.filter((line) => line.includes('given up')).length,
      health: health.filter(({ about }) => about === 'lost').map((one) => one.says.slice(0, 10)),
    };
  };
  deepStrictEqual(await says(), { lag: '1', partitions: 1, health: ['2 records '] });
  const redriven = await run('redrive', '--from-file', file, '--to', 'tables', '--yes');
  strictEqual(redriven.exitCode, 0);
  deepStrictEqual(await says(), { lag: '1', partitions: 0, health: [] });
  strictEqual((await verify(keyspace, topic.name)).exitCode, 0);
});

test('a range is judged by the records before it, whose maximum is known from their timestamps', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  const start = now - 60 * minute;
  const send = (offset: number, time: number, eventTime: number) => ({
    partition: 0,
    timestamp: BigInt(time),
    value: event(offset, eventTime),
  });
  // Each minute has an event of its time, and one that is late by ten minutes.
  await topic.produce(
    Array.from({ length: 60 }, (_, index) => {
      const time = start + Math.floor(index / 2) * minute;
      return send(index, time + (index % 2), index % 2 === 0 ? time : time - 10 * minute);
    }),
  );
  await handleTopic(topic, keyspace);
  const whole = await verify(keyspace, topic.name);
  // Nothing is ten minutes behind in the first minute.
  deepStrictEqual([whole.counts['matched'], whole.counts['rejected late']], [30, 30]);
  strictEqual(whole.counts['on trust'], undefined);

  const range = [
    '--from',
    new Date(start + 20 * minute).toISOString(),
    '--to',
    new Date(start + 25 * minute).toISOString(),
  ];
  const part = await verify(keyspace, topic.name, ...range);
  deepStrictEqual([part.exitCode, part.counts['matched'], part.counts['rejected late']], [0, 5, 5]);
  strictEqual(part.counts['on trust'], undefined);
  ok((part.counts['read'] ?? 0) > 10, 'records before the range are read');

  const sample = await verify(keyspace, topic.name, '--sample', '30%');
  const { matched = 0, 'rejected late': late = 0, 'not in the sample': left = 0 } = sample.counts;
  strictEqual(matched + late + left, 60);
  match(
    sample.summary.notes.join('\n'),
    /None of \d+ sampled records is wrong: at most .* %.* with 95 % confidence/,
  );
});

test('an event that is wrongly late, one that is in both tables, and one without its row are told as such', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  const start = now - 60 * minute;
  await topic.produce(
    [0, 1, -30 * minute].map((ahead, index) => ({
      partition: 0,
      timestamp: BigInt(start + index),
      value: event(index, start + ahead),
    })),
  );
  await handleTopic(topic, keyspace);
  const { client, name } = keyspace;
  const day = new Date(start).toISOString().slice(0, 10);
  await client.execute(
    `INSERT INTO ${name}.rejected_events (topic, rejected_date, partition, "offset", reason, event_time, watermark, record_timestamp, value, headers) ` +
      `VALUES (?, ?, 0, 1, 'late', ?, ?, ?, ?, ?)`,
    [
      topic.name,
      day,
      new Date(start + 1),
      new Date(start + 2),
      new Date(start + 1),
      event(1, start + 1),
      [],
    ],
    { prepare: true },
  );
  const { found } = await verify(keyspace, topic.name);
  deepStrictEqual(found, [
    '0/1 different: it is rejected as late, and was on time by the records before it',
  ]);
  // A redriven late event is in both tables by right.
  await operate(['redrive', '--reason', 'late', '--to', 'tables', '--yes'], {
    environment: keyspace.environment,
    topic: topic.name,
    bootstrapServers,
  });
  const after = await verify(keyspace, topic.name);
  strictEqual(
    after.found.filter((text) => text.startsWith('0/2')).length,
    0,
    after.found.join('\n'),
  );
});

test('values of a registry’s schemas are read by them, and what the registry does not have today cannot be told', async (t) => {
  await using registry = await startRegistryServer();
  const settings = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: registry.url };
  await using keyspace = await openKeyspace(settings);
  const topic = await createTopic(t, 1);
  const schema = writerSchema({
    more: ['null', 'string'],
    event_time: { type: 'long', logicalType: 'timestamp-micros' },
  });
  const { id } = registry.register(`${topic.name}-value`, schema);
  const start = now - 60 * minute;
  await topic.produce(
    [0, 1].map((index) => ({
      partition: 0,
      timestamp: BigInt(start + index),
      value: confluent(
        id,
        encodeBy(schema, {
          user_id: user(index),
          event_type: 'click',
          event_time: (start + index) * 1_000 + 999,
          event_id: user(7),
          metadata: {},
          more: 'x',
        }),
      ),
    })),
  );
  await handleTopic(topic, keyspace);
  const read = await verify(keyspace, topic.name);
  deepStrictEqual([read.exitCode, read.counts['matched'], read.found], [0, 2, []]);

  registry.before = (_, response) => void response.writeHead(503).end();
  const down = await verify(keyspace, topic.name);
  strictEqual(down.exitCode, 2);
  deepStrictEqual(
    down.found,
    [0, 1].map((offset) => `0/${offset} cannot tell: its schema could not be read`),
  );
});

test('a group without a checkpoint, and a file of another pipeline, are told in a sentence', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  await rejects(
    verify(keyspace, topic.name),
    /has no checkpoint of topic test-.* nothing is known to be handled/,
  );
  await topic.produce([{ partition: 0, value: event(1, now) }]);
  await handleTopic(topic, keyspace);
  const file = join(await folderOf(t), 'found.jsonl');
  strictEqual((await verify(keyspace, topic.name, '--out', file)).exitCode, 0);
  await rejects(verify(keyspace, topic.name, '--out', file), /is there already/);
  await rejects(
    verify(
      { environment: { ...keyspace.environment, OUT_OF_ORDERNESS_SECONDS: '60' } },
      topic.name,
      '--again',
      file,
    ),
    /was begun under other settings/,
  );
  await rejects(
    verify(
      { environment: { ...keyspace.environment, CONSUMER_GROUP_ID: 'other' } },
      topic.name,
      '--again',
      file,
    ),
    /is about the group .*, and not other/,
  );
  await rejects(
    operate(['redrive', '--from-file', file, '--to', 'tables', '--yes'], {
      ...{ environment: keyspace.environment, topic: 'other', bootstrapServers },
    }),
    /is about the topic test-.*, and not other: name the pipeline that it is about/,
  );
});
