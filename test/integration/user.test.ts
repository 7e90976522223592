import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { handleTopic } from '../support/handle-topic.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';

const id = '00000000-0000-4000-8000-000000000001';
const other = '00000000-0000-4000-8000-000000000002';

const insert = (keyspace: string, user: string, time: string, type: string, hour = false): string =>
  `INSERT INTO ${keyspace}.user_events (user_id, bucket_date, ${hour ? 'bucket_hour, ' : ''}event_time, event_type, event_id, metadata) ` +
  `VALUES (${user}, '${time.slice(0, 10)}', ${hour ? `${Number(time.slice(11, 13))}, ` : ''}'${time}', '${type}', ${user}, {'__proto__': 'x\u001b[2J'})`;

test('user lists a user’s events across days, the newest first, within the times that are asked for', async () => {
  await using keyspace = await openKeyspace();
  const { environment, name } = keyspace;
  for (const [user, time, type] of [
    [id, '2026-11-01T23:59:59.999Z', 'view'],
    [id, '2026-11-02T00:00:00.000Z', 'click'],
    [id, '2026-11-02T12:00:00.000Z', 'view'],
    [id, '2026-11-05T00:00:00.000Z', 'view'],
    [other, '2026-11-02T12:00:00.000Z', 'view'],
  ] as const)
    await keyspace.client.execute(insert(name, user, time, type), [], { prepare: false });
  const listed = async (...options: readonly string[]): Promise<string[]> => {
    const { exitCode, printed } = await operate(['user', id, '--json', ...options], {
      environment,
    });
    strictEqual(exitCode, 0);
    return printed.map((line) => JSON.parse(line).event_time);
  };

  deepStrictEqual(await listed('--from', '2026-11-01', '--to', '2026-11-02T12:00Z'), [
    '2026-11-02T12:00:00.000Z',
    '2026-11-02T00:00:00.000Z',
    '2026-11-01T23:59:59.999Z',
  ]);
  deepStrictEqual(await listed('--from', '2026-11-01', '--to', '2026-11-06', '--type', 'click'), [
    '2026-11-02T00:00:00.000Z',
  ]);
  deepStrictEqual(await listed('--from', '2026-11-01', '--to', '2026-11-06', '--limit', '1'), [
    '2026-11-05T00:00:00.000Z',
  ]);
});

test('user reads each hour of a table that has a partition for each hour', async () => {
  await using keyspace = await openKeyspace({ BUCKET: 'hour' });
  const { environment, name } = keyspace;
  for (const time of ['2026-11-02T00:30:00.000Z', '2026-11-02T23:30:00.000Z'])
    await keyspace.client.execute(insert(name, id, time, 'view', true), [], { prepare: false });
  const args = ['user', id, '--csv', '--from', '2026-11-02', '--to', '2026-11-02T23:30Z'];
  const { printed, told } = await operate(args, { environment });
  strictEqual(printed.length, 3);
  match(printed[0] ?? '', /^user_id,bucket_date,bucket_hour,event_time,/);
  match(printed[1] ?? '', /,23,2026-11-02T23:30:00\.000Z,view,/);
  match(printed[2] ?? '', /,0,2026-11-02T00:30:00\.000Z,view,/);
  match(
    told.join('\n'),
    /^2 events between 2026-11-02T00:00:00\.000Z and 2026-11-02T23:30:00\.000Z\.$/,
  );
});

test('a table for people shows no control character of an event', async () => {
  await using keyspace = await openKeyspace();
  const { environment, name } = keyspace;
  const insertion = insert(name, id, '2026-11-02T12:00:00.000Z', 'view');
  await keyspace.client.execute(insertion, [], { prepare: false });
  const { printed } = await operate(['user', id, '--from', '2026-11-02'], { environment });
  const text = printed.join('\n');
  match(text, /x\\u001b\[2J/);
  strictEqual(text.includes('\u001b[2J'), false);
});

test('user --cql prints a statement for each partition, and reads none', async () => {
  const environment = {
    CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
    CASSANDRA_LOCAL_DATACENTER: 'none',
    CASSANDRA_KEYSPACE: 'ks',
    CONSUMER_GROUP_ID: 'g',
  };
  const args = ['user', id, '--cql', '--from', '2026-11-01', '--to', '2026-11-02T01:00Z'];
  const { exitCode, printed } = await operate(args, { environment });
  strictEqual(exitCode, 0);
  strictEqual(printed.length, 2);
  match(
    printed[0] ?? '',
    /^SELECT "user_id".* FROM ks\.user_events WHERE user_id = 0{8}-.* AND bucket_date = '2026-11-02' AND event_time >= '2026-11-01T00:00:00\.000Z' .*;$/,
  );
});

test('a user that is no uuid is refused by a sentence', async () => {
  await rejects(operate(['user', "x' OR '1"]), {
    name: 'UserFacingError',
    message: /^A user is a uuid/,
  });
});

test('user --locate finds the record of each event in the topic, and says what it has read', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 2);
  const now = Date.now();
  const event = (time: number, type: string, user = id): Buffer =>
    encode({ user_id: user, event_time: time, event_type: type, metadata: { page: '/' } });
  const record = (partition: number, value: Buffer, timestamp = now) => ({
    partition,
    value,
    timestamp: BigInt(timestamp),
  });
  const old = now - 3 * 86_400_000;
  await topic.produce([
    record(0, event(old, 'view'), old + 1_000),
    record(0, event(now, 'click', other)),
    record(1, event(now - 2_000, 'view'), now - 86_400_000),
    record(1, event(now - 1_000, 'click')),
    record(1, Buffer.from('ff', 'hex')),
    record(0, event(now, 'view')),
    record(0, event(now, 'view')),
  ]);
  await handleTopic(topic, keyspace);
  const { environment } = keyspace;
  const options = { environment, bootstrapServers: topic.bootstrapServers, topic: topic.name };
  const { exitCode, printed, told } = await operate(['user', id, '--locate', '--json'], options);
  strictEqual(exitCode, 0);
  deepStrictEqual(
    printed.map((line) => JSON.parse(line).record),
    [`${topic.name}/0/2 ${topic.name}/0/3`, `${topic.name}/1/1`, null, `${topic.name}/0/0`],
  );
  match(told.join('\n'), /^3 of 4 events found in .*: \d offsets read, .*The others have other/m);
});

test('user --locate reads no more than it may, and an unfinished search is no success', async (t) => {
  await using keyspace = await openKeyspace();
  const topic = await createTopic(t, 1);
  const now = Date.now();
  await topic.produce([
    ...Array.from({ length: 50 }, () => ({
      partition: 0,
      value: encode({ user_id: other, event_time: now }),
      timestamp: BigInt(now),
    })),
    { partition: 0, value: encode({ user_id: id, event_time: now }), timestamp: BigInt(now) },
  ]);
  await handleTopic(topic, keyspace);
  const { environment } = keyspace;
  const options = { environment, bootstrapServers: topic.bootstrapServers, topic: topic.name };
  const some = await operate(['user', id, '--locate', '10', '--csv'], options);
  strictEqual(some.exitCode, 2);
  match(some.told.join('\n'), /0 of 1 event found/);
  match(some.told.join('\n'), /Not looked at: 41 offsets\. --locate 51 reads them too\./);
  const all = await operate(['user', id, '--locate', '51', '--csv'], options);
  strictEqual(all.exitCode, 0);
  match(all.printed.at(-1) ?? '', new RegExp(`,${topic.name}/0/50$`));
});

test('user --locate wants a topic, and a number of events that it can look for', async () => {
  await using keyspace = await openKeyspace();
  const { environment } = keyspace;
  await rejects(operate(['user', id, '--locate'], { environment }), /Which topic has the records/);
  await rejects(
    operate(['user', id, '--locate', '--limit', '1001'], { environment }),
    /--locate looks for the records of 1,000 events at most/,
  );
});
