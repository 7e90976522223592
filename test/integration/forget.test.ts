import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { encode } from '../support/avro.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';
import { writeRejected } from '../support/rejected-rows.ts';

const user = '11111111-1111-4111-8111-00000000abcd';
const other = '11111111-1111-4111-8111-00000000abce';

/** Writes a row of an event on a day. */
const writeEvent = ({ client, name, config }: TestKeyspace, id: string, time: string) =>
  client.execute(
    `INSERT INTO ${name}.user_events (user_id, bucket_date, ${config.bucket === 'hour' ? 'bucket_hour, ' : ''}event_time, event_type) ` +
      `VALUES (${id}, '${time.slice(0, 10)}', ${config.bucket === 'hour' ? `${Number(time.slice(11, 13))}, ` : ''}'${time}', 'click')`,
    [],
    { prepare: false },
  );

const usersLeft = async ({ rows, name }: TestKeyspace): Promise<string[]> =>
  (await rows(`SELECT user_id, event_time FROM ${name}.user_events`))
    .map((row) => `${row['user_id']} ${row['event_time'].toISOString().slice(0, 10)}`)
    .toSorted();

for (const bucket of ['day', 'hour'] as const)
  test(`a person’s rows are counted, deleted by --yes and told of in an audit line without the id, with a bucket of one ${bucket}`, async () => {
    await using keyspace = await openKeyspace({ BUCKET: bucket });
    const { environment, name } = keyspace;
    for (const [id, time] of [
      [user, '2020-02-03T04:00:00.000Z'],
      [user, '2026-11-02T12:00:00.000Z'],
      [user, '2026-11-02T12:00:00.001Z'],
      [other, '2026-11-02T12:00:00.000Z'],
    ] as const)
      await writeEvent(keyspace, id, time);
    const dry = await operate(['forget', user.toUpperCase(), '--all', '--json'], { environment });
    strictEqual(dry.exitCode, 0);
    const hour = bucket === 'hour' ? [' 04h', ' 12h'] : ['', ''];
    deepStrictEqual(
      dry.printed.map((line) => JSON.parse(line)),
      [
        { table: 'user_events', what: `2020-02-03${hour[0]}`, rows: 1 },
        { table: 'user_events', what: `2026-11-02${hour[1]}`, rows: 2 },
      ],
    );
    match(
      dry.told.join('\n'),
      /3 rows of user_events and 0 records .*\nNothing was deleted\. --yes/,
    );
    strictEqual((await usersLeft(keyspace)).length, 4);

    const { exitCode, told } = await operate(['forget', user, '--all', '--yes'], { environment });
    strictEqual(exitCode, 0);
    match(told.join('\n'), /Not reached: the topic: /);
    deepStrictEqual(await usersLeft(keyspace), [`${other} 2026-11-02`]);
    const digest = createHash('sha256').update(user).digest('hex');
    const audit = await operate(['tasks', '--json'], { environment });
    const [task] = audit.printed.map((line) => JSON.parse(line));
    deepStrictEqual(
      [task.command, task.state, task.what, task.counts],
      ['forget', 'done', `the user whose id has the SHA-256 ${digest}`, '3 rows deleted'],
    );
    doesNotMatch(
      JSON.stringify(await keyspace.rows(`SELECT JSON * FROM ${name}.operations`)),
      new RegExp(user, 'i'),
    );
  });

test('only the days that are named are deleted, and the others are said not to have been looked at', async () => {
  await using keyspace = await openKeyspace();
  const { environment } = keyspace;
  await writeEvent(keyspace, user, '2026-10-31T23:59:59.999Z');
  await writeEvent(keyspace, user, '2026-11-01T00:00:00.000Z');
  const { told, exitCode } = await operate(['forget', user, '--from', '2026-11-01', '--yes'], {
    environment,
  });
  strictEqual(exitCode, 0);
  match(told.join('\n'), /Days outside --from and --to were not looked at/);
  deepStrictEqual(await usersLeft(keyspace), [`${user} 2026-10-31`]);
  await rejects(operate(['forget', user], { environment }), /Give --all, .* or --from/);
  await rejects(operate(['forget', 'ada', '--all'], { environment }), /A user is a uuid/);
});

test('the bytes of a person’s rejected records are set to null, wherever the id stands in them, and the rows stay with their reasons', async () => {
  await using keyspace = await openKeyspace();
  const { environment, client, name } = keyspace;
  const value = encode({ user_id: user });
  const others = encode({ user_id: other });
  const binary = Buffer.from(user.replaceAll('-', ''), 'hex');
  await writeRejected(client, name, [
    { topic: 'clicks', offset: 0n, reason: 'late', key: Buffer.from('k'), value },
    { topic: 'clicks', offset: 1n, value: Buffer.from(`{"user_id": "${user.toUpperCase()}"`) },
    { topic: 'clicks', offset: 2n, key: Buffer.from(user), value: null, reason: 'tombstone' },
    { topic: 'clicks', offset: 3n, value: others, headers: [{ name: 'user', value: binary }] },
    { topic: 'clicks', offset: 4n, value: others, key: Buffer.from(other) },
    { topic: 'clicks', offset: 5n, value: Buffer.from('no event'), recordTimestamp: 0 },
  ]);
  const { exitCode, printed } = await operate(['forget', user, '--all', '--yes', '--json'], {
    environment,
  });
  strictEqual(exitCode, 0);
  deepStrictEqual(
    printed
      .map((line) => JSON.parse(line))
      .toSorted((one, next) => (one.what < next.what ? -1 : 1)),
    [
      { table: 'rejected_events', what: 'late', rows: 1 },
      { table: 'rejected_events', what: 'tombstone', rows: 1 },
      { table: 'rejected_events', what: 'undecodable', rows: 2 },
    ],
  );
  const left = await keyspace.rows(
    `SELECT "offset", reason, key, value, headers FROM ${name}.rejected_events`,
  );
  deepStrictEqual(
    left
      .map((row) => [
        Number(row['offset']),
        row['reason'],
        row['key'] === null && row['value'] === null && row['headers'] === null,
      ])
      .toSorted(([one], [next]) => Number(one) - Number(next)),
    [
      [0, 'late', true],
      [1, 'undecodable', true],
      [2, 'tombstone', true],
      [3, 'undecodable', true],
      [4, 'undecodable', false],
      [5, 'undecodable', false],
    ],
  );
});

test('a record whose schema cannot be had is nobody’s: the look is incomplete', async () => {
  await using keyspace = await openKeyspace({
    SCHEMA_REGISTRY: 'confluent',
    SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
  });
  const { environment, client, name } = keyspace;
  const framed = Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), encode({ user_id: other })]);
  await writeRejected(client, name, [{ topic: 'clicks', offset: 0n, value: framed }]);
  const { exitCode, told } = await operate(['forget', user, '--all', '--yes'], { environment });
  strictEqual(exitCode, 2);
  match(
    told.join('\n'),
    /Incomplete: 1 rejected record cannot be decoded without a schema that cannot be fetched/,
  );
});
