import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import type { types } from 'cassandra-driver';
import { topicExtents } from '../../cli/kafka/topic-extents.ts';
import { startTcpProxy } from '../../local/servers/tcp-proxy.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { startRegistryServer } from '../support/registry-server.ts';
import { startScript } from '../support/run-script.ts';
import { testServers } from '../support/test-environment.ts';

const { bootstrapServers, cassandra } = testServers();
const own = { ...cassandra, KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(',') };

const run = async (
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
) => {
  await using script = startScript(
    'cli/user-events.ts',
    [command, ...args],
    { ...own, ...environment },
    input,
  );
  return await script.ended;
};

/** Names a topic and a keyspace, which are removed after the test. */
const names = async (t: TestContext) => {
  const topic = `own-${randomUUID()}`;
  const keyspace = `own_${randomBytes(4).toString('hex')}`;
  const owner = await openKeyspace();
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...bootstrapServers] });
  t.after(async () => {
    await owner.client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`, [], { prepare: false });
    await owner[Symbol.asyncDispose]();
    if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] });
    await admin.close();
  });
  const rows = (query: string): Promise<types.Row[]> =>
    owner.rows(query.replace('FROM ', `FROM ${keyspace}.`));
  const records = async (): Promise<number> => {
    const extents = await topicExtents({ bootstrapServers }, topic);
    return [...extents.values()].reduce((sum, { end }) => sum + Number(end), 0);
  };
  const consumeToEnd = (environment = {}) =>
    run('consume', [topic, '--keyspace', keyspace, '--until-end', '--json'], environment);
  return { topic, keyspace, rows, records, consumeToEnd };
};

/** Reads the last line of a command with --json. */
const endOf = ({ output }: { readonly output: string }) =>
  JSON.parse(output.trim().split('\n').at(-1) ?? '');

const event = (user: number, time: string, type = 'click') => ({
  user_id: `00000000-0000-4000-8000-00000000000${user}`,
  event_type: type,
  event_time: `2026-03-10T${time}Z`,
  event_id: randomUUID(),
  metadata: { page: '/', __proto: 'x' },
});
const lines = (...events: readonly object[]): string =>
  events.map((one) => `${JSON.stringify(one)}\n`).join('');

test('JSON lines become rows, and consuming again goes on where it stopped', async (t) => {
  const { topic, rows, consumeToEnd } = await names(t);
  const first = [
    event(1, '12:00:00'),
    event(1, '12:00:01'),
    event(1, '11:00:00'),
    event(2, '12:00:00'),
  ];
  const produced = await run('produce', ['-', '--topic', topic], {}, lines(...first));
  strictEqual(produced.code, 0, produced.output);
  match(produced.output, /4 events produced to topic .*, as avro/);

  const consumed = await consumeToEnd();
  strictEqual(consumed.code, 0, consumed.output);
  const { records, written, rejected } = endOf(consumed);
  deepStrictEqual(
    { records, written, rejected },
    { records: 4, written: 3, rejected: { late: 1 } },
  );
  const found = await rows('SELECT user_id, event_time, event_id, metadata FROM user_events');
  deepStrictEqual(
    found
      .map((row) => [`${row['user_id']}`, row['event_time'].toISOString(), `${row['event_id']}`])
      .toSorted(),
    [first[0], first[1], first[3]]
      .map((one) => [one?.user_id, one?.event_time.replace('Z', '.000Z'), one?.event_id])
      .toSorted(),
  );
  deepStrictEqual(found[0]?.['metadata'], new Map(Object.entries(event(1, '').metadata)));

  strictEqual(endOf(await consumeToEnd()).records, 0);
  await run('produce', ['-', '--topic', topic], {}, lines(event(1, '12:00:02')));
  const again = endOf(await consumeToEnd());
  deepStrictEqual([again.records, again.written], [1, 1]);
});

test('nothing of a file with a bad line is produced, unless bad lines are to be left out', async (t) => {
  const { topic, records } = await names(t);
  const input = lines(event(1, '12:00:00'), { user_id: 'me' }, event(1, '12:00:01'));
  const refused = await run('produce', ['-', '--topic', topic], {}, input);
  strictEqual(refused.code, 1, refused.output);
  match(refused.output, /^line 2: .* is JSON without event_type/m);
  match(refused.output, /Nothing was produced: 1 line of - is bad/);
  const taken = await run('produce', ['-', '--topic', topic, '--skip-bad'], {}, input);
  strictEqual(taken.code, 0, taken.output);
  match(taken.output, /^line 2: .* is JSON without event_type/m);
  strictEqual(await records(), 2);
});

test('events behind Confluent’s header are read by the schema that producing has registered', async (t) => {
  const { topic, consumeToEnd } = await names(t);
  await using registry = await startRegistryServer();
  const args = ['-', '--topic', topic, '--format', 'confluent', '--registry', registry.url];
  const produced = await run('produce', args, {}, lines(event(1, '12:00:00')));
  match(produced.output, /as confluent with schema 1/);
  const settings = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: registry.url };
  strictEqual(endOf(await consumeToEnd(settings)).written, 1);
});

test('a group that begins at the end takes only what comes after, also when it is stopped before', async (t) => {
  const { topic, keyspace, consumeToEnd } = await names(t);
  await run('produce', ['-', '--topic', topic], {}, lines(event(1, '12:00:00')));
  const args = [topic, '--keyspace', keyspace, '--from', 'latest', '--until-end', '--json'];
  strictEqual(endOf(await run('consume', args)).records, 0);
  await run('produce', ['-', '--topic', topic], {}, lines(event(1, '12:00:01')));
  strictEqual(endOf(await consumeToEnd()).records, 1);
});

test('consume goes on until Ctrl-C, and then tells what was done and how to see it', async (t) => {
  const { topic, keyspace, rows } = await names(t);
  await run('produce', ['-', '--topic', topic], {}, lines(event(1, '12:00:00')));
  await using script = startScript(
    'cli/user-events.ts',
    ['consume', topic, '--keyspace', keyspace],
    own,
  );
  await script.printed(/-\d@0: 1 written; \d+ ms/);
  await run('produce', ['-', '--topic', topic], {}, lines(event(1, '12:00:01')));
  await script.printed(/-\d@1: 1 written; \d+ ms/);
  script.interrupt();
  const { code, output } = await script.ended;
  strictEqual(code, 0, output);
  match(output, /2 records in 2 batches: 2 written/);
  match(output, new RegExp(`npm run consume -- ${topic} --keyspace ${keyspace}`));
  const [, shown = ''] = /The rows: +npm run cql -- (.*)$/m.exec(output) ?? [];
  const [statement = '', ...options] = [...shown.matchAll(/"[^"]*"|\S+/g)]
    .map(([word]) => word.replaceAll('"', ''))
    .toReversed();
  const looked = await run('cql', [...options.toReversed(), statement, '--json']);
  strictEqual(
    looked.output.trim().split('\n').length,
    (await rows('SELECT * FROM user_events')).length,
  );
});

test('a topic that is not there is said, and with it the topics that are', async () => {
  const { code, output } = await run('consume', ['none', '--until-end']);
  strictEqual(code, 1, output);
  match(output, /There is no topic none\./);
});

test('a keyspace with other tables is refused, and left as it is', async (t) => {
  const { topic, keyspace, consumeToEnd } = await names(t);
  await run('produce', ['-', '--topic', topic], {}, lines(event(1, '12:00:00')));
  strictEqual((await consumeToEnd()).code, 0);
  const { code, output } = await consumeToEnd({ BUCKET: 'hour' });
  strictEqual(code, 1);
  match(output, new RegExp(`the tables in keyspace ${keyspace} are not what they must be`));
});

test('events of others in the topic of --follow are counted, and end nothing', async () => {
  await using script = startScript(
    'cli/user-events.ts',
    ['start', '--follow', '--events', '200', '--rate', '400', '--partitions', '2'],
    own,
  );
  const output = await script.printed(/Round 1: .*all rows agree/);
  const [, topic = ''] = /topic ([\w-]+);/.exec(output) ?? [];
  const now = { event_time: Date.now() + 60_000 };
  const others = lines(
    { ...event(1, '12:00:00'), ...now },
    { ...event(2, '12:00:00'), ...now },
    event(1, '12:00:01'),
  );
  const produced = await run('produce', ['-', '--topic', topic], {}, others);
  strictEqual(produced.code, 0, produced.output);
  await script.printed(/Others’:/);
  const [, round] = /Round (\d+):(?:(?!Round)[\s\S])*Others’/.exec(await script.printed(/./)) ?? [];
  await script.printed(new RegExp(`Round ${Number(round) + 1}:`));
  script.interrupt();
  const end = await script.ended;
  strictEqual(end.code, 0, end.output);
  match(end.output, /All rows are as they must be/);
  const counted = [...end.output.matchAll(/Others’: (\d+)/g)].map(([, count]) => Number(count));
  strictEqual(
    counted.reduce((sum, count) => sum + count, 0),
    3,
    end.output,
  );
});

test('npm start --keep keeps the rows until Ctrl-C, and prints what another terminal needs', async () => {
  await using script = startScript(
    'cli/user-events.ts',
    ['start', '--events', '500', '--keep'],
    own,
  );
  const output = await script.printed(/kept until Enter or Ctrl-C/);
  const [, keyspace = ''] = /export CASSANDRA_KEYSPACE=(\w+)/.exec(output) ?? [];
  const looked = await run('cql', ['SELECT * FROM user_events LIMIT 5', '--json'], {
    CASSANDRA_KEYSPACE: keyspace,
  });
  strictEqual(looked.output.trim().split('\n').length, 5, looked.output);
  script.interrupt();
  const { code } = await script.ended;
  strictEqual(code, 0);
});

test('a port that is taken is told before anything is started', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const { KAFKA_BOOTSTRAP_SERVERS: _, ...withoutKafka } = own;
  await using script = startScript('cli/user-events.ts', ['start', '--kafka-port', `${port}`], {
    ...withoutKafka,
    KAFKA_BOOTSTRAP_SERVERS: '',
  });
  const { code, output } = await script.ended;
  strictEqual(code, 1);
  match(output, new RegExp(`Port ${port} is taken by another program`));
  ok(!output.includes('Starting'), output);
});

test('a Cassandra that does not answer is told, and Ctrl-C ends the command all the same', async (t) => {
  const { topic, keyspace } = await names(t);
  await run('produce', ['-', '--topic', topic], {}, lines(event(1, '12:00:00')));
  await using proxy = await startTcpProxy(cassandra.CASSANDRA_CONTACT_POINTS);
  await using script = startScript(
    'cli/user-events.ts',
    ['consume', topic, '--keyspace', keyspace],
    {
      ...own,
      CASSANDRA_CONTACT_POINTS: proxy.address,
    },
  );
  await script.printed(/@0: 1 written/);
  proxy.blackHole();
  await run('produce', ['-', '--topic', topic], {}, lines(event(1, '12:00:01')));
  await script.printed(/Cassandra at \S+ does not answer: .* Ctrl-C stops/);
  script.interrupt();
  const { output } = await script.ended;
  match(output, /The batch in flight is finished first/);
  // Whether the second record was in a batch by then, nothing tells.
  match(output, /^(1 record in 1 batch|2 records in 2 batches): 1 written\.$/m);
});
