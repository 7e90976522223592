import { deepStrictEqual, rejects, throws } from 'node:assert/strict';
import { before, test } from 'node:test';
import type { StackHealth } from '../../../cli/target/stack-health.ts';
import { foundHere, variable } from '../../../functions/operate/found-here.ts';

const stack = {
  ...{ name: 'user-events-prod', region: 'eu-west-1', functionName: 'ingest' },
  ...{ logGroupName: '/log', mappingId: 'a-uuid', onFailure: null, version: '1' },
  operate: null,
};

before(() => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    CASSANDRA_KEYSPACE: 'events',
    OPERATE_TOPIC: 'user-events',
    OPERATE_BROKERS: JSON.stringify({
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka:9092'] } },
      SourceAccessConfigurations: [],
    }),
  });
});

test('the function finds the pipeline that it belongs to by its own variables, and the names of the stack by the event', async () => {
  const found = foundHere({ stack, mappingState: null, stackHealth: null });
  deepStrictEqual(
    [found.name, found.topic, found.stack, found.environment['CASSANDRA_KEYSPACE']],
    ['stack user-events-prod', 'user-events', stack, 'events'],
  );
  deepStrictEqual(await found.kafka(), { bootstrapServers: ['kafka:9092'] });
  deepStrictEqual(found.mapping, undefined);
});

test('the state of the mapping is that which the caller was told, and the function does not switch it', async () => {
  const { mapping } = foundHere({ stack, mappingState: 'Disabled', stackHealth: null });
  deepStrictEqual(await mapping?.state(), 'Disabled');
  await rejects(
    mapping?.setEnabled(false) ?? Promise.resolve(),
    /^UserFacingError: The function may not switch .*--uuid a-uuid --no-enabled$/s,
  );
});

test('what AWS was asked for by the caller has its times again, though an event is JSON', async () => {
  const since = new Date(1_000);
  const given: StackHealth = {
    mapping: { kind: 'unknown', why: 'it may not be asked' },
    alarms: {
      kind: 'known',
      value: [{ name: 'Lag', state: 'ALARM', meaning: 'It is behind.', since }],
    },
    lost: { kind: 'known', value: { dropped: 1, undelivered: 2 } },
    onFailure: { kind: 'known', value: { batches: 3, isMore: false, oldest: since } },
  };
  const { stackHealth } = foundHere({
    ...{ stack, mappingState: null },
    stackHealth: JSON.parse(JSON.stringify(given)),
  });
  deepStrictEqual(await stackHealth?.(), given);
});

test('a variable that is not set is told by its name', () => {
  throws(() => variable('OPERATE_BUCKET'), { message: 'OPERATE_BUCKET is not set' });
});
