import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type EventSourceMappingOptions,
  type FaultKind,
  type InvokeResult,
  startEventSourceMapping,
} from '../../src/index.ts';
import { createTopic, type KafkaTopic } from '../support/kafka-topic.ts';

const success: InvokeResult = { kind: 'response', payload: 'null' };

const start = async (
  t: TestContext,
  topic: KafkaTopic,
  options: Partial<EventSourceMappingOptions> = {},
) => {
  const mapping = await startEventSourceMapping({
    brokers: topic.bootstrapServers,
    topic: topic.name,
    maxBatchingWindowMs: 0,
    backoff: { firstMs: 1, maxMs: 1 },
    ...(options.function === undefined && { invoke: async () => success }),
    ...options,
  });
  t.after(mapping.stop);
  return mapping;
};

const message = (value: string, partition = 0, timestamp?: number) => ({
  partition,
  value: Buffer.from(value),
  ...(timestamp !== undefined && { timestamp: BigInt(timestamp) }),
});

/** Lists the values of all deliveries. */
const valuesOf = ({ deliveries }: Awaited<ReturnType<typeof start>>): string[] =>
  deliveries.flatMap(({ event }) =>
    Object.values(event.records).flatMap((records) => records.map(({ value = '' }) => atob(value))),
  );

test('a test produces records, waits for them, and sees what the function was given and answered', async (t) => {
  const topic = await createTopic(t, 1);
  const arns: string[] = [];
  const mapping = await start(t, topic, {
    function: {
      handler: join(import.meta.dirname, '../support/shapes/plain.mjs'),
      functionName: 'orders',
    },
    retryAttempts: 0,
    onFailure: (envelope) => void arns.push(envelope.requestContext.functionArn),
  });
  await topic.produce([message('good'), message('bad')]);
  await mapping.drain();
  deepStrictEqual(valuesOf(mapping), ['good', 'bad']);
  const [delivery] = mapping.deliveries;
  deepStrictEqual(delivery?.result, {
    kind: 'response',
    payload: JSON.stringify({
      batchItemFailures: [{ itemIdentifier: { partition: `${topic.name}-0`, offset: 1 } }],
    }),
  });
  strictEqual(delivery?.judgement.kind, 'partial');
  strictEqual(mapping.counts().toDestination, 1);
  deepStrictEqual(arns, ['arn:aws:lambda:eu-west-1:000000000000:function:orders']);
});

test('brokers may be one text with commas, as an environment variable has them', async (t) => {
  const topic = await createTopic(t, 1);
  const [server = ''] = topic.bootstrapServers;
  const mapping = await start(t, topic, { brokers: `${server}, ${server}` });
  await topic.produce([message('a')]);
  await mapping.drain();
  deepStrictEqual(valuesOf(mapping), ['a']);
});

test('a mapping that begins at LATEST reads what comes after it has begun', async (t) => {
  const topic = await createTopic(t, 2);
  await topic.produce([message('old'), message('old', 1)]);
  const mapping = await start(t, topic, { startingPosition: 'LATEST' });
  await topic.produce([message('new')]);
  await mapping.drain();
  deepStrictEqual(valuesOf(mapping), ['new']);
});

test('a mapping that begins AT_TIMESTAMP reads the records from that time on, and of a partition without any those to come', async (t) => {
  const topic = await createTopic(t, 2);
  const noon = Date.UTC(2026, 10, 28, 12);
  await topic.produce([
    message('before', 0, noon - 1),
    message('at', 0, noon),
    message('after', 0, noon + 1),
    message('before', 1, noon - 1),
  ]);
  const mapping = await start(t, topic, {
    startingPosition: 'AT_TIMESTAMP',
    startingPositionTimestamp: new Date(noon),
  });
  await topic.produce([message('later', 1, noon + 2)]);
  await mapping.drain();
  deepStrictEqual(valuesOf(mapping).toSorted(), ['after', 'at', 'later']);
});

test('a group that has committed goes on where it was, whatever the starting position', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce([message('a'), message('b')]);
  await topic.commit(0, 1);
  const mapping = await start(t, topic, { consumerGroup: topic.group, startingPosition: 'LATEST' });
  await mapping.drain();
  deepStrictEqual(valuesOf(mapping), ['b']);
});

test('the event of an MSK mapping names its cluster, and that of a self-managed one its brokers', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce([message('a')]);
  const eventSourceArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1';
  const managed = await start(t, topic, {
    source: { kind: 'msk', eventSourceArn, bootstrapServers: 'b-1:9098' },
  });
  await managed.drain();
  const { records: _, ...head } = managed.deliveries[0]?.event ?? { records: {} };
  deepStrictEqual(head, { eventSource: 'aws:kafka', eventSourceArn, bootstrapServers: 'b-1:9098' });
  const own = await start(t, topic);
  await own.drain();
  const { records: __, ...ownHead } = own.deliveries[0]?.event ?? { records: {} };
  deepStrictEqual(ownHead, {
    eventSource: 'SelfManagedKafka',
    bootstrapServers: topic.bootstrapServers.join(','),
  });
});

test('several invocations run at once, each of other partitions', async (t) => {
  const topic = await createTopic(t, 3);
  await topic.produce([0, 1, 2].map((partition) => message('x', partition)));
  const running = new Set<string>();
  const all = Promise.withResolvers<void>();
  const mapping = await start(t, topic, {
    concurrency: 3,
    batchSize: 1,
    invoke: async (eventJson) => {
      for (const identifier of Object.keys(JSON.parse(eventJson).records)) running.add(identifier);
      if (running.size === 3) all.resolve();
      await all.promise;
      return success;
    },
  });
  await mapping.drain();
  strictEqual(mapping.deliveries.length, 3);
});

test('a mapping with concurrency has as many processes of its function', async (t) => {
  const topic = await createTopic(t, 2);
  await topic.produce([message('x', 0), message('x', 1)]);
  const starts: string[] = [];
  const mapping = await start(t, topic, {
    concurrency: 2,
    batchSize: 1,
    function: {
      handler: join(import.meta.dirname, '../support/shapes/plain.mjs'),
      onPlatformLog: (line) => {
        if (line.includes('Init Duration')) starts.push(line);
      },
    },
  });
  await mapping.drain();
  ok(starts.length >= 1 && starts.length <= 2, `${starts.length}`);
});

test('whoever has waited for a drain sees the delivery of each record that was on the topic', async (t) => {
  const topic = await createTopic(t, 1);
  const mapping = await start(t, topic);
  for (let count = 1; count <= 20; count += 1) {
    await topic.produce([message(`${count}`)]);
    await mapping.drain();
    strictEqual(valuesOf(mapping).length, count);
  }
});

for (const [kind, again] of [
  ['duplicate', true],
  ['crash-after-success', true],
  ['lost-response', true],
  ['lost-commit', false],
  ['rebalance', false],
  ['freeze', false],
] as const satisfies [FaultKind, boolean][])
  test(`after the fault ${kind} every record is handled${again ? ', and those of the struck batch come again' : ''}`, async (t) => {
    const topic = await createTopic(t, 2);
    const mapping = await start(t, topic, {
      batchSize: 2,
      faults: { freezeSeconds: 0 },
      function: { handler: join(import.meta.dirname, '../support/shapes/plain.mjs') },
    });
    const struck = mapping.inject(kind);
    await topic.produce([message('a'), message('b')]);
    await struck;
    await topic.produce([message('c'), message('d', 1)]);
    await mapping.drain();
    const values = valuesOf(mapping);
    // In a rebalance the other member may have handled some, and may have left some to come again.
    if (kind !== 'rebalance') {
      deepStrictEqual([...new Set(values)].toSorted(), ['a', 'b', 'c', 'd']);
      strictEqual(values.filter((value) => value === 'a').length >= 2, again);
    }
    deepStrictEqual(mapping.counts().dropped, 0);
  });

for (const [given, sentence] of [
  [{ function: { handler: 'a.b' } }, /either a function or an invoke/],
  [{ invoke: undefined }, /either a function or an invoke/],
  [{ brokers: [] }, /needs the brokers/],
  [{ consumptionMode: 'Queue' }, /Queue is not emulated/],
  [{ startingPosition: 'AT_TIMESTAMP' }, /startingPositionTimestamp must be/],
  [{ onFailure: 'kafka://failed' }, /kafka:\/\/failed is not emulated/],
  [{ invoke: undefined, function: { command: ['x'], timeoutSeconds: 0 } }, /more than 0/],
  [
    { invoke: undefined, function: { command: ['x'], timeoutSeconds: 841 } },
    /timeoutSeconds .* 840/,
  ],
] as const)
  test(`a mapping that cannot be is refused: ${JSON.stringify(given)}`, async () => {
    await rejects(
      startEventSourceMapping({
        brokers: 'a:1',
        topic: 'events',
        invoke: async () => success,
        ...(given as object),
      }),
      { name: 'TriggerError', message: sentence },
    );
  });
