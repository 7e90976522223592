import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import { openKeyspace } from '../../local/keyspace.ts';
import { openPipeline } from '../support/pipeline.ts';
import { testServers } from '../support/test-environment.ts';

const servers = testServers();
const { bootstrapServers, cassandra } = servers;

for (const partialFailures of ['failed-only', 'from-lowest'] as const)
  test(`a function that is killed again and again, under the reading ${partialFailures}, leaves every row right`, async () => {
    await using pipeline = await openPipeline(4_000, 11);
    let kills = 0;
    await using mapping = await pipeline.startMapping({
      partialFailures,
      invoke: (eventJson) => {
        // Every third invocation is killed while it writes.
        if (mapping.counts().invocations % 3 === 1) {
          kills += 1;
          setTimeout(() => pipeline.ingest.kill(), 15);
        }
        return pipeline.ingest.invoke(eventJson);
      },
    });
    await mapping.drained(pipeline.ends);
    deepStrictEqual(await pipeline.wrong(), []);
    ok(kills >= 3, `${kills} kills`);
    ok(mapping.counts().retriedRecords > 0);
  });

test('batches whose commits are lost come again, and leave every row right', async () => {
  await using pipeline = await openPipeline(4_000, 12);
  {
    const handled = Promise.withResolvers<void>();
    await using first = await pipeline.startMapping({
      faults: { 'lost-commit': 1 },
      onBatch: () => {
        if (first.counts().delivered >= 4_000) handled.resolve();
      },
    });
    await handled.promise;
  }
  deepStrictEqual(await pipeline.wrong(), []);
  await using second = await pipeline.startMapping({});
  await second.drained(pipeline.ends);
  ok(second.counts().delivered >= 4_000);
  deepStrictEqual(await pipeline.wrong(), []);
});

const run = async (given: readonly string[], environment: Record<string, string>) => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../cli/user-events.ts'), 'start', ...given],
    {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const [code] = await once(child, 'close');
  return { code, output };
};
const own = { ...cassandra, KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(',') };

test('npm start on a person’s own servers ends with all rows as they must be', async () => {
  const { code, output } = await run(['--events', '3000', '--partitions', '3', '--seed', '5'], own);
  match(output, /All rows are as they must be/);
  strictEqual(code, 0, output);
  // The topic and the keyspace on the person's servers are gone.
  const [, keyspace] = /keyspace (\w+)\./.exec(output) ?? [];
  const [, topic] = /topic ([\w-]+);/.exec(output) ?? [];
  await using other = await openKeyspace(servers);
  for await (const row of other.stream('SELECT keyspace_name FROM system_schema.keyspaces'))
    notStrictEqual(row['keyspace_name'], keyspace);
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...bootstrapServers] });
  ok(!(await admin.listTopics().finally(() => admin.close())).includes(topic ?? ''));
});

test('npm start -- --json prints its report alone on standard output', async () => {
  const child = spawn(
    process.execPath,
    ['cli/user-events.ts', 'start', '--events', '1000', '--partitions', '2', '--json'],
    { env: { ...process.env, ...own }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const report = JSON.parse(await text(child.stdout));
  strictEqual(report.right, true);
  strictEqual(report.mustBe.produced, 1_000);
  deepStrictEqual(
    report.tables.map(({ table, agrees }: { table: string; agrees: boolean }) => [table, agrees]),
    [
      ['user_events', true],
      ['rejected_events', true],
      ['partition_watermarks', true],
    ],
  );
  strictEqual(report.partitions.length, 2);
});

for (const format of ['confluent', 'json'])
  test(`npm start --format ${format} ends with all rows as they must be`, async () => {
    const { code, output } = await run(
      ['--events', '2000', '--partitions', '2', '--format', format],
      own,
    );
    match(output, /All rows are as they must be/);
    strictEqual(code, 0, output);
  });

test('npm start --rate produces no faster', async () => {
  const began = Date.now();
  const { code, output } = await run(['--events', '600', '--rate', '300'], own);
  strictEqual(code, 0, output);
  // The last of 600 is due after two seconds; nothing here depends on how much longer it took.
  ok(Date.now() - began > 1_900);
});

test('an own Kafka that is not there is said in a sentence', async () => {
  const { code, output } = await run(['--events', '10'], {
    ...own,
    KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
  });
  strictEqual(code, 1);
  match(output, /Kafka at 127\.0\.0\.1:1 \(KAFKA_BOOTSTRAP_SERVERS\) cannot be used/);
  ok(!output.includes('    at '), output);
});

test('an own Cassandra that is not there is said in a sentence', async () => {
  const { code, output } = await run(['--events', '10'], {
    ...own,
    CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
  });
  strictEqual(code, 1);
  match(
    output,
    /Cassandra at 127\.0\.0\.1:1 \(CASSANDRA_CONTACT_POINTS\) cannot be used.*ECONNREFUSED/,
  );
  ok(!output.includes('    at '), output);
});

test('a mistyped option is said with what it may be', async () => {
  const { code, output } = await run(['--events', 'many'], own);
  strictEqual(code, 1);
  match(output, /'--events <n>' argument 'many' is invalid\. It must be a whole number/);
});
