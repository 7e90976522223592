import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { insertCheckpoint } from '../../functions/ingest/cassandra/rows/partition-watermarks.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';
import { writeRejected } from '../support/rejected-rows.ts';
import { testEnvironment } from '../support/test-environment.ts';

const dayMs = 86_400_000;
const today = Date.now();
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const hostile = Buffer.from('00ff1b5b324a0d0a22c328e280ae', 'hex');

let keyspace: TestKeyspace;
const checkpoint = (topic: string, partition: number, next = 5, max = today) =>
  keyspace.client.execute(
    insertCheckpoint(keyspace.name),
    [keyspace.config.consumerGroup, topic, partition, next, new Date(max), null, new Date(today)],
    { prepare: true },
  );
before(async () => {
  keyspace = await openKeyspace();
  for (const [topic, partition] of [
    ['clicks', 0],
    ['clicks', 1],
    ['views', 0],
  ] as const)
    await checkpoint(topic, partition);
  await writeRejected(keyspace.client, keyspace.name, [
    { topic: 'clicks', partition: 1, offset: 9_007_199_254_740_993n, reason: 'late' },
    {
      topic: 'clicks',
      partition: 1,
      offset: 9_223_372_036_854_775_807n,
      detail: 'schema 7 is bad',
    },
    { topic: 'clicks', partition: 0, offset: 3n, recordTimestamp: today - 5 * dayMs },
    { topic: 'clicks', partition: 0, offset: 1n, recordTimestamp: today - 40 * dayMs },
    { topic: 'clicks', partition: 0, offset: 2n, rejectedAt: today - 3 * dayMs },
    { topic: 'views', partition: 0, offset: 7n, detail: 'schema 12 is bad' },
  ]);
});
after(() => keyspace[Symbol.asyncDispose]());

const run = (...argv: readonly string[]) =>
  operate(argv, {
    environment: keyspace.environment,
    bootstrapServers: testEnvironment().bootstrapServers,
  });

/** Lists the records that some options of `rejected list` mean, in order. */
const listed = async (...options: readonly string[]): Promise<string[]> => {
  const { exitCode, printed } = await run('rejected', 'list', '--json', ...options);
  strictEqual(exitCode, 0);
  return printed.map((line) => JSON.parse(line).record);
};

test('rejected records are found by topic, partition and day, in order, with offsets of 64 bits', async () => {
  deepStrictEqual(await listed(), [
    'clicks/0/3',
    'clicks/0/2',
    'clicks/1/9007199254740993',
    'clicks/1/9223372036854775807',
    'views/0/7',
  ]);
});

test('a record whose Kafka timestamp lies long before its rejection is found by a scan, or by more days', async () => {
  deepStrictEqual((await listed('--all')).toSorted(), [
    'clicks/0/1',
    'clicks/0/2',
    'clicks/0/3',
    'clicks/1/9007199254740993',
    'clicks/1/9223372036854775807',
    'views/0/7',
  ]);
  deepStrictEqual(await listed('--topic', 'clicks', '--partition', '0', '--days-before', '50'), [
    'clicks/0/1',
    'clicks/0/3',
    'clicks/0/2',
  ]);
});

test('a look says which partitions of the table it reads, and that other records need a scan', async () => {
  const { told } = await run('rejected', '--since', '1d');
  const text = told.at(-1) ?? '';
  match(text, /^Looked in 30 partitions of rejected_events: 3 partitions of clicks, views,/);
  match(
    text,
    new RegExp(`from ${dayOf(Date.now() - 8 * dayMs)} to ${dayOf(Date.now() + dayMs)}\\. .* --all`),
  );
});

test('--since and --until mean the time of rejection, and not the Kafka timestamp', async () => {
  deepStrictEqual(await listed('--since', '1d'), [
    'clicks/0/3',
    'clicks/1/9007199254740993',
    'clicks/1/9223372036854775807',
    'views/0/7',
  ]);
  deepStrictEqual(await listed('--since', '4d', '--until', '2d'), ['clicks/0/2']);
});

test('records are picked by reasons, by a part of the detail, and by the detail of their group', async () => {
  deepStrictEqual(await listed('--reason', 'late,tombstone'), ['clicks/1/9007199254740993']);
  deepStrictEqual(await listed('--detail', 'schema 12'), ['views/0/7']);
  deepStrictEqual(await listed('--detail', 'schema <n> is bad'), [
    'clicks/1/9223372036854775807',
    'views/0/7',
  ]);
  const { exitCode, told } = await run('rejected', '--reason', 'lat');
  strictEqual(exitCode, 2);
  match(told.join('\n'), /The reasons are late, tombstone, undecodable/);
});

test('records are picked by an offset or a range of offsets, of 64 bits too', async () => {
  deepStrictEqual(await listed('--offset', '7'), ['views/0/7']);
  deepStrictEqual(await listed('--offset', '9007199254740993-9223372036854775807'), [
    'clicks/1/9007199254740993',
    'clicks/1/9223372036854775807',
  ]);
  const { exitCode, told } = await run('rejected', '--offset', '5-2');
  strictEqual(exitCode, 2);
  match(told.join('\n'), /It must be an offset, or two with a hyphen between/);
});

test('a bad deploy is one line, with its count, its times, its partitions and a record to show', async () => {
  const { printed, exitCode } = await run('rejected', '--json', '--detail', 'schema');
  strictEqual(exitCode, 0);
  strictEqual(printed.length, 1);
  const { reason, detail, count, partitions, example } = JSON.parse(printed[0] ?? '');
  deepStrictEqual([reason, detail, count], ['undecodable', 'schema <n> is bad', 2]);
  strictEqual(partitions, 'clicks/1 views/0');
  match(example, /^(clicks\/1\/9223372036854775807|views\/0\/7)$/);
});

test('the options before the name of a part count for it', async () => {
  const { printed } = await run('rejected', '--topic', 'views', 'list', '--csv');
  strictEqual(printed.length, 2);
  match(printed[1] ?? '', /^views\/0\/7,/);
});

test('the bytes of exported records come back as they were, whatever they are', async (t) => {
  const headers = [
    { name: '__proto__', value: hostile },
    { name: '\u001b[2J', value: null },
    { name: '__proto__', value: Buffer.alloc(0) },
  ];
  await writeRejected(keyspace.client, keyspace.name, [
    { topic: 'hostile', offset: 0n, key: hostile, value: hostile, headers },
    { topic: 'hostile', offset: 1n, key: null, value: null },
  ]);
  const out = join(tmpdir(), `rejected-${process.pid}.jsonl`);
  t.after(() => rmSync(out, { force: true }));
  const args = ['rejected', 'export', '--topic', 'hostile', '--all', '--out', out];
  const { exitCode, printed } = await run(...args);
  deepStrictEqual([exitCode, printed], [0, []]);
  strictEqual(statSync(out).mode & 0o777, 0o600);
  const rows = readFileSync(out, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text, 'base64'));
  deepStrictEqual(
    rows.map((row) => ({
      offset: row.offset,
      key: bytes(row.key),
      value: bytes(row.value),
      headers: row.headers.map((header: { name: string; value: string | null }) => ({
        name: header.name,
        value: bytes(header.value),
      })),
    })),
    [
      { offset: '0', key: hostile, value: hostile, headers },
      { offset: '1', key: null, value: null, headers: [] },
    ],
  );
  await rejects(run(...args), /There is a file .*: name another by --out/);
});

test('a shown record has its bytes and every reading of them, and cannot move the cursor', async () => {
  const value = Buffer.from(
    JSON.stringify({
      user_id: 'not a uuid \u001b[2J',
      event_type: 'click',
      event_time: 1_764_400_000_000,
      event_id: '6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11',
      metadata: JSON.parse('{"__proto__":"x"}'),
    }),
  );
  const headers = [{ name: '\u001b[31m', value: hostile }];
  const row = { topic: 'shown', offset: 4n, key: hostile, value, headers, reason: 'invalid_uuid' };
  await writeRejected(keyspace.client, keyspace.name, [
    {
      topic: 'shown',
      offset: 2n,
      reason: 'late',
      eventTime: today - dayMs,
      watermark: today - 60_000,
    },
    row,
  ]);
  await checkpoint('shown', 0, 9, today);
  const { exitCode, printed } = await run('rejected', 'show', 'shown/0/4');
  strictEqual(exitCode, 0);
  const text = printed.join('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come
  strictEqual(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/.test(text), false);
  for (const line of printed) strictEqual(line.length <= 80, true, line);
  match(text, /^shown\/0\/4: invalid_uuid$/m);
  match(text, /000000 {2}00 ff 1b 5b 32 4a 0d 0a 22 c3 28 e2 80 ae +\.\.\.\[2J\.\."\.\(\.\.\./);
  match(text, /The function, with its settings, makes of it:\n {2}invalid_uuid: user_id must be/);
  match(text, /Read as JSON, it is not valid \(invalid_uuid/);
  match(text, /at offset 2 .*\(a late record\)/s);
  match(text, /at offset 9 .*\(a checkpoint of/s);

  const { printed: json } = await run('rejected', 'show', 'shown/0/4', '--json');
  const facts = JSON.parse(json.join(''));
  strictEqual(facts.value, `0x${value.toString('hex')}`);
  deepStrictEqual(facts.readings[0].event.metadata, JSON.parse('{"__proto__":"x"}'));

  const { printed: late } = await run('rejected', 'show', 'shown/0/2');
  match(late.join('\n'), /watermark .*: the event is 23 h 59 min\s+behind/s);
});

test('a detail cannot move the cursor either, in a table of groups or of records', async () => {
  const detail = '\u001b[2J\u202e\r\n\u0007 it is bad';
  await writeRejected(keyspace.client, keyspace.name, [
    { topic: 'loud', offset: 1n, detail },
    { topic: 'loud', offset: 2n, detail, reason: '\u001b[31mred' },
  ]);
  await checkpoint('loud', 0);
  for (const part of [[], ['list']]) {
    const { printed, told } = await run('rejected', ...part, '--topic', 'loud');
    const text = [...printed, ...told].join('\n');
    match(text, /\\u001b\[(2|<n>)J\\u202e/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come
    strictEqual(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/.test(text), false);
  }
  const { printed } = await run('rejected', 'list', '--topic', 'loud', '--json');
  strictEqual(JSON.parse(printed[0] ?? '').detail, detail);
});

test('a record that is not there is told so, and a look that has not been everywhere is incomplete', async () => {
  const some = await run('rejected', 'show', 'clicks/0/1');
  strictEqual(some.exitCode, 2);
  match(some.told.join('\n'), /has no clicks\/0\/1 whose Kafka timestamp is from .* --all/);
  strictEqual((await run('rejected', 'show', 'clicks/0/1', '--all')).exitCode, 0);
  strictEqual((await run('rejected', 'show', 'clicks/0/99', '--all')).exitCode, 1);
  await rejects(run('rejected', 'show', 'clicks/0/9999999999999999999'), /an offset has 64 bits/);
});

test('a partition where nothing was handled is named, with those where something was', async () => {
  await rejects(
    run('rejected', '--topic', 'clicks', '--partition', '99'),
    /^UserFacingError: --partition 99: nothing was handled there\. Name one of clicks\/0, clicks\/1, or read the whole table by --all\.$/,
  );
});

test('a topic without a checkpoint is looked for in the partitions that Kafka has', async (t) => {
  const topic = await createTopic(t, 3);
  await writeRejected(keyspace.client, keyspace.name, [
    { topic: topic.name, partition: 2, offset: 5n },
  ]);
  deepStrictEqual(await listed('--topic', topic.name), [`${topic.name}/2/5`]);
});

test('records on many days and partitions are read in pages, all of them and each once', async () => {
  const days = 40;
  const rows = function* () {
    for (let day = 0; day < days; day += 1)
      for (let partition = 0; partition < 3; partition += 1)
        for (let offset = 0; offset < 60; offset += 1)
          yield {
            topic: 'many',
            partition,
            offset: BigInt(day * 1_000 + offset),
            recordTimestamp: today - day * dayMs,
            detail: `the value (${offset} bytes) is no Avro UserEvent`,
            value: Buffer.alloc(offset),
          };
  };
  await writeRejected(keyspace.client, keyspace.name, rows());
  for (const partition of [0, 1, 2]) await checkpoint('many', partition);
  for (const where of [['--days-before', '60'], ['--all']]) {
    const { printed } = await run('rejected', 'export', '--topic', 'many', ...where);
    const found = printed.map((line) => {
      const { partition, offset, value } = JSON.parse(line);
      strictEqual(Buffer.from(value, 'base64').length, Number(offset) % 1_000);
      return `${partition}/${offset}`;
    });
    strictEqual(found.length, days * 3 * 60);
    strictEqual(new Set(found).size, found.length);
  }
  const { printed } = await run('rejected', '--topic', 'many', '--all', '--csv');
  strictEqual(printed.length, 2);
  match(printed[1] ?? '', /^undecodable,the value \(<n> bytes\) .*,7200,.*many\/0-2/);
});

test('a look at a table that cannot be read is no success, and says why', async () => {
  await using another = await openKeyspace();
  const { client, name, environment } = another;
  await client.execute(`DROP TABLE ${name}.rejected_events`, [], { prepare: false });
  const values = [another.config.consumerGroup, 'clicks', 0, 5, null, null, new Date(today)];
  await client.execute(insertCheckpoint(name), values, { prepare: true });
  for (const where of [[], ['--all']]) {
    const { exitCode, told } = await operate(['rejected', ...where], { environment });
    strictEqual(exitCode, 2, told.join('\n'));
    match(told.join('\n'), /Not read: .*rejected_events.*\nIncomplete: /s);
  }
});
