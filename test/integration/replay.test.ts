import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Consumer } from '@platformatic/kafka';
import type { MappingSwitch } from '../../cli/target/mapping-switch.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';

const start = Date.UTC(2026, 10, 1, 12);
const minute = 60_000;

/**
 * Makes a topic of two partitions with ten records each, a minute apart, whose group has read eight of partition 0 and all of partition 1,
 * with checkpoints at 4 and 8 of partition 0.
 */
const pipeline = async (t: TestContext) => {
  const topic = await createTopic(t, 2);
  const keyspace = await openKeyspace({ CONSUMER_GROUP_ID: topic.group });
  t.after(() => keyspace[Symbol.asyncDispose]());
  await topic.produce(
    [0, 1].flatMap((partition) =>
      Array.from({ length: 10 }, (_, index) => ({
        partition,
        value: Buffer.from('any'),
        timestamp: BigInt(start + index * minute),
      })),
    ),
  );
  await topic.commit(0, 8);
  await topic.commit(1, 10);
  const at = (index: number): string => new Date(start + index * minute).toISOString();
  await keyspace.client.execute(
    `INSERT INTO ${keyspace.name}.partition_watermarks (consumer_group, topic, partition, next_offset, max_event_time, earlier, updated_at) ` +
      `VALUES ('${topic.group}', '${topic.name}', 0, 8, '${at(7)}', {4: '${at(3)}'}, '${at(9)}')`,
    [],
    { prepare: false },
  );
  const { environment } = keyspace;
  return {
    topic,
    keyspace,
    replay: (args: readonly string[], options: Partial<Parameters<typeof operate>[1]> = {}) =>
      operate(['replay', ...args], {
        environment,
        topic: topic.name,
        bootstrapServers: topic.bootstrapServers,
        ...options,
      }),
    audit: async () =>
      (await operate(['tasks', '--json'], { environment })).printed.map((line) => {
        const { command, state, who, what, counts } = JSON.parse(line);
        return { command, state, who, what, counts };
      }),
  };
};

/** An event source mapping that is switched at once, and the calls that were made. */
const mappingOf = (state: string): MappingSwitch & { readonly calls: boolean[] } => {
  const calls: boolean[] = [];
  let now = state;
  return {
    calls,
    state: async () => now,
    async setEnabled(enabled) {
      calls.push(enabled);
      now = enabled ? 'Enabled' : 'Disabled';
    },
  };
};

const stack = {
  ...{ name: 'a-stack', region: 'eu-west-1', functionName: 'ingest', logGroupName: '/log' },
  ...{ mappingId: 'a-uuid', onFailure: null, version: '0.1.0 (abc)', operate: null },
};

test('replay says by partition what would be written again and by which watermark, and changes nothing', async (t) => {
  const { topic, replay, audit } = await pipeline(t);
  const time = new Date(start + 4 * minute).toISOString();
  const { exitCode, printed, told } = await replay(['--from', time, '--json']);
  strictEqual(exitCode, 0);
  deepStrictEqual(
    printed.map((line) => JSON.parse(line)),
    [
      {
        ...{ partition: 0, from: '4', 'group at': '8', records: '4' },
        // Two minutes, the usual bound, behind the largest event time of the checkpoint at 4.
        ...{ watermark: '2026-11-01T12:01:00.000Z', verdicts: 'as before' },
      },
      {
        ...{ partition: 1, from: '4', 'group at': '10', records: '6' },
        ...{ watermark: null, verdicts: 'nothing late at first' },
      },
    ],
  );
  match(told.join('\n'), /At most 10 records in 2 partitions will be delivered again/);
  match(told.join('\n'), /In 1 partition no checkpoint so early is kept/);
  match(
    told.join('\n'),
    new RegExp(`--topic ${topic.name}:1 --reset-offsets --to-offset 4 --execute`),
  );
  match(told.join('\n'), /Nothing was changed\. --yes sets the group back\.$/);
  deepStrictEqual([...(await topic.committed())].toSorted(), [
    [0, 8],
    [1, 10],
  ]);
  deepStrictEqual(await audit(), []);
});

test('replay --yes sets the group back, leaves an audit line, and does nothing the second time', async (t) => {
  const { topic, replay, audit } = await pipeline(t);
  const args = ['--from', '6', '--partition', '0', '--yes'];
  const first = await replay(args);
  strictEqual(first.exitCode, 0);
  match(first.told.at(-1) ?? '', /is set back: at most 2 records will be delivered again\.$/);
  deepStrictEqual([...(await topic.committed())].toSorted(), [
    [0, 6],
    [1, 10],
  ]);
  deepStrictEqual(await audit(), [
    {
      ...{ command: 'replay', state: 'done', who: 'a test' },
      what: `group ${topic.group} of ${topic.name} back to 0:6`,
      counts: '2 delivered again',
    },
  ]);
  await rejects(replay(args), /reads offset 6 of partition 0 next\. .* a replay only goes back\.$/);
});

test('replay asks a person before it sets the group back, and takes no for an answer', async (t) => {
  const { topic, replay } = await pipeline(t);
  await replay(['--from', '6', '--partition', '0'], { confirms: false });
  strictEqual((await topic.committed()).get(0), 8);
  await replay(['--from', '6', '--partition', '0'], { confirms: true });
  strictEqual((await topic.committed()).get(0), 6);
});

test('replay is refused while a client is in the group', async (t) => {
  const { topic, replay, audit } = await pipeline(t);
  const consumer = new Consumer({
    ...{ clientId: 'test', groupId: topic.group, autocommit: false },
    bootstrapBrokers: [...topic.bootstrapServers],
  });
  t.after(() => consumer.close(true));
  await consumer.joinGroup({});
  await rejects(
    replay(['--from', '6', '--partition', '0', '--yes']),
    /^UserFacingError: Nothing was set back: a client is in the group/,
  );
  strictEqual((await topic.committed()).get(0), 8);
  deepStrictEqual(await audit(), []);
});

test('replay is refused while the event source mapping is enabled, and prints the commands of AWS and Kafka', async (t) => {
  const { topic, replay } = await pipeline(t);
  const mapping = mappingOf('Enabled');
  const args = ['--from', '6', '--partition', '0'];
  await rejects(
    replay([...args, '--yes'], { stack, mapping }),
    /^UserFacingError: Nothing was set back: the event source mapping is Enabled, .*--disable\.$/,
  );
  const { exitCode, told } = await replay(args, { stack, mapping, confirms: true });
  strictEqual(exitCode, 0);
  match(
    told.join('\n'),
    /aws lambda update-event-source-mapping --region eu-west-1 --uuid a-uuid --no-enabled/,
  );
  deepStrictEqual(mapping.calls, []);
  strictEqual((await topic.committed()).get(0), 8);
});

test('replay --yes --disable disables the mapping, sets the group back, and enables it again', async (t) => {
  const { topic, replay } = await pipeline(t);
  const mapping = mappingOf('Enabled');
  const { exitCode, told } = await replay(
    ['--from', '6', '--partition', '0', '--yes', '--disable'],
    { stack, mapping },
  );
  strictEqual(exitCode, 0);
  match(told.join('\n'), /The event source mapping is enabled again\./);
  deepStrictEqual(mapping.calls, [false, true]);
  strictEqual((await topic.committed()).get(0), 6);
});

test('a mapping that replay has disabled is enabled again where the group cannot be set back', async (t) => {
  const { topic, replay, audit } = await pipeline(t);
  const abort = new AbortController();
  const mapping = mappingOf('Enabled');
  const setEnabled = async (enabled: boolean): Promise<void> => {
    await mapping.setEnabled(enabled);
    // Somebody presses Ctrl-C while AWS is still disabling it.
    if (!enabled) abort.abort(new Error('stopped'));
  };
  let looks = 0;
  const state = async (): Promise<string> => {
    looks += 1;
    return looks === 1 ? 'Enabled' : 'Disabling';
  };
  await rejects(
    replay(['--from', '6', '--partition', '0', '--yes', '--disable'], {
      ...{ stack, mapping: { state, setEnabled } },
      signal: abort.signal,
    }),
  );
  deepStrictEqual(mapping.calls, [false, true]);
  strictEqual((await topic.committed()).get(0), 8);
  deepStrictEqual(
    (await audit()).map(({ state: ended }) => ended),
    ['failed'],
  );
});

test('a mapping that is disabled already stays so, and replay says it', async (t) => {
  const { topic, replay } = await pipeline(t);
  const mapping = mappingOf('Disabled');
  const { told } = await replay(['--from', '6', '--partition', '0', '--yes', '--disable'], {
    ...{ stack, mapping },
  });
  match(told.at(-1) ?? '', /^The event source mapping is still disabled: enable it/);
  deepStrictEqual(mapping.calls, []);
  strictEqual((await topic.committed()).get(0), 6);
});

test('replay begins behind the records that are no longer on the topic', async (t) => {
  const { topic, replay } = await pipeline(t);
  await topic.deleteBelow(0, 5);
  const { printed } = await replay(['--from', '1', '--partition', '0']);
  match(printed.join('\n'), /No longer on the topic: 4 offsets before 5 of partition 0\./);
});

for (const [why, args, message] of [
  [
    'an offset without its partition',
    ['--from', '6'],
    /name it by --partition, or give --from a time/,
  ],
  [
    'a partition that is not there',
    ['--from', '2h', '--partition', '7'],
    /has 2 partitions, numbered from 0/,
  ],
  ['--disable without --yes', ['--from', '2h', '--disable'], /--disable goes with --yes/],
  [
    '--disable without a mapping',
    ['--from', '2h', '--yes', '--disable'],
    /has no event source mapping/,
  ],
] as const)
  test(`replay refuses ${why}`, async (t) => {
    const { replay } = await pipeline(t);
    await rejects(replay(args), message);
  });

test('a group that is behind everything that is wanted is left as it is', async (t) => {
  const { replay } = await pipeline(t);
  const { exitCode, told } = await replay(['--from', '1m', '--yes']);
  strictEqual(exitCode, 0);
  match(told.at(-1) ?? '', /^Nothing is set back/);
});
