import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { commandsByHand } from '../../../../cli/replay/by-hand.ts';

const given = {
  bootstrapServers: ['kafka-1:9092', 'kafka-2:9092'],
  isSecured: false,
  group: 'user-events-to-cassandra',
  topic: 'user-events',
  moves: [
    { partition: 0, from: 1_000n },
    { partition: 3, from: 5n },
  ],
  stack: null,
};

test('each partition of a group is set back by a command of Kafka’s own tool', () => {
  const reset = (partition: number, offset: number): string =>
    'kafka-consumer-groups.sh --bootstrap-server kafka-1:9092,kafka-2:9092 --group user-events-to-cassandra ' +
    `--topic user-events:${partition} --reset-offsets --to-offset ${offset} --execute`;
  deepStrictEqual(commandsByHand(given), [reset(0, 1_000), reset(3, 5)]);
});

test('a deployed pipeline’s mapping is disabled before, and enabled again, by AWS’s command line', () => {
  const commands = commandsByHand({
    ...given,
    stack: { region: 'eu-west-1', mappingId: 'a-uuid' },
  });
  const aws = (verb: string, rest: string): string =>
    `aws lambda ${verb}-event-source-mapping --region eu-west-1 --uuid a-uuid ${rest}`;
  deepStrictEqual(
    [commands.slice(0, 2), commands.at(-1)],
    [[aws('update', '--no-enabled'), aws('get', '--query State')], aws('update', '--enabled')],
  );
});

test('a shell reads names with characters of its own as they are, and a login has a file', () => {
  const [command = ''] = commandsByHand({ ...given, group: 'a*b', isSecured: true });
  deepStrictEqual(command.includes("--command-config client.properties --group 'a*b' "), true);
});
