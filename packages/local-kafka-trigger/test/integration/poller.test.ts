import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { InvokeResult } from '../../src/function/invoke-result.ts';
import type { FailureEnvelope } from '../../src/mapping/on-failure.ts';
import type { BatchReport, PollerOptions } from '../../src/mapping/options.ts';
import { type Poller, startPoller } from '../../src/mapping/poller.ts';
import { createTopic, type KafkaTopic } from '../support/kafka-topic.ts';

interface EventRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}
type Records = Record<string, readonly EventRecord[]>;
/** The records of an invocation: the offsets by identifier. */
type Given = Record<string, number[]>;

const success: InvokeResult = { kind: 'response', payload: 'null' };
const crash: InvokeResult = {
  kind: 'error',
  errorType: 'Runtime.ExitError',
  errorMessage: 'exited',
  cause: 'exited',
};

const failed = (...records: readonly EventRecord[]): InvokeResult => ({
  kind: 'response',
  payload: JSON.stringify({
    batchItemFailures: records.map(({ topic, partition, offset }) => ({
      itemIdentifier: { partition: `${topic}-${partition}`, offset },
    })),
  }),
});

/** Makes a function that answers as a test says, and keeps the records of its invocations. */
const fakeFunction = (
  answer: (records: EventRecord[], nth: number) => InvokeResult | Promise<InvokeResult> = () =>
    success,
) => {
  const given: Given[] = [];
  return {
    given,
    offsets: (partition: number): number[] =>
      given.flatMap((one) =>
        Object.entries(one)
          .filter(([identifier]) => identifier.endsWith(`-${partition}`))
          .flatMap(([, offsets]) => offsets),
      ),
    invoke: async (eventJson: string): Promise<InvokeResult> => {
      const { records } = JSON.parse(eventJson) as { records: Records };
      given.push(
        Object.fromEntries(
          Object.entries(records).map(([identifier, list]) => [
            identifier,
            list.map(({ offset }) => offset),
          ]),
        ),
      );
      return answer(Object.values(records).flat(), given.length);
    },
  };
};

const startMapping = async (
  t: TestContext,
  topic: KafkaTopic,
  options: Pick<PollerOptions, 'invoke'> & Partial<PollerOptions>,
): Promise<Poller> => {
  // A test that has failed waits for no invocation: stopping would wait with it.
  const over = Promise.withResolvers<InvokeResult>();
  t.after(() => over.resolve(success));
  const mapping = await startPoller({
    connection: { bootstrapServers: topic.bootstrapServers },
    topic: topic.name,
    consumerGroup: topic.group,
    maxBatchingWindowMs: 0,
    backoff: { firstMs: 1, maxMs: 5 },
    ...options,
    invoke: (eventJson) => Promise.race([options.invoke(eventJson), over.promise]),
  });
  t.after(mapping.stop);
  return mapping;
};

const messages = (count: number, partition: number) =>
  Array.from({ length: count }, (_, index) => ({ partition, value: Buffer.from(`${index}`) }));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, offset) => offset);

/** Lists the open connections to the brokers of a topic. */
const connectionsTo = ({ bootstrapServers }: KafkaTopic): { readonly bytesRead: number }[] => {
  const port = Number(bootstrapServers[0]?.split(':').at(-1));
  return (
    process as unknown as {
      _getActiveHandles(): { remotePort?: number; bytesRead: number }[];
    }
  )
    ._getActiveHandles()
    .filter(({ remotePort }) => remotePort === port);
};

const drained = async (mapping: Poller, topic: KafkaTopic): Promise<void> =>
  mapping.drained(await topic.endOffsets());

test('every record is delivered once, in the order of its partition', async (t) => {
  const topic = await createTopic(t, 4);
  for (const partition of upTo(4)) await topic.produce(messages(500, partition));
  const lambda = fakeFunction();
  const running = new Set<string>();
  const mapping = await startMapping(t, topic, {
    batchSize: 70,
    concurrency: 3,
    invoke: async (eventJson) => {
      const identifiers = Object.keys(JSON.parse(eventJson).records);
      // A partition has at most one batch in flight.
      ok(identifiers.every((identifier) => !running.has(identifier)));
      for (const identifier of identifiers) running.add(identifier);
      await new Promise(setImmediate);
      const result = await lambda.invoke(eventJson);
      for (const identifier of identifiers) running.delete(identifier);
      return result;
    },
  });
  await drained(mapping, topic);
  for (const partition of upTo(4)) deepStrictEqual(lambda.offsets(partition), upTo(500));
  deepStrictEqual(await topic.committed(), new Map(upTo(4).map((partition) => [partition, 500])));
  strictEqual(mapping.counts().delivered, 2000);
  ok(lambda.given.every((one) => Object.values(one).flat().length <= 70));
});

test('an event may hold records of several partitions, gathered for the length of the window', async (t) => {
  const topic = await createTopic(t, 3);
  await topic.produce(upTo(3).flatMap((partition) => messages(2, partition)));
  const lambda = fakeFunction();
  const mapping = await startMapping(t, topic, { ...lambda, maxBatchingWindowMs: 1000 });
  await drained(mapping, topic);
  deepStrictEqual(lambda.given, [
    Object.fromEntries(upTo(3).map((partition) => [`${topic.name}-${partition}`, [0, 1]])),
  ]);
});

test('a record arrives with its bytes, whatever they are', async (t) => {
  const topic = await createTopic(t, 1);
  const bytes = Buffer.from([0, 0xff, 0xc3, 0x28]);
  const timestamp = 1_600_000_000_123n;
  const headers = new Map([[Buffer.from('ü'), Buffer.from('ë')]]);
  await topic.produce([
    { partition: 0, key: bytes, value: bytes, timestamp, headers },
    { partition: 0, value: null as unknown as Buffer, timestamp: timestamp + 1n },
  ]);
  const events: string[] = [];
  const mapping = await startMapping(t, topic, {
    invoke: async (eventJson) => {
      events.push(eventJson);
      return success;
    },
  });
  await drained(mapping, topic);
  deepStrictEqual(
    events.map((event) => JSON.parse(event)),
    [
      {
        eventSource: 'SelfManagedKafka',
        bootstrapServers: topic.bootstrapServers.join(','),
        records: {
          [`${topic.name}-0`]: [
            {
              topic: topic.name,
              partition: 0,
              offset: 0,
              timestamp: 1_600_000_000_123,
              timestampType: 'CREATE_TIME',
              key: bytes.toString('base64'),
              value: bytes.toString('base64'),
              headers: [{ ü: [-61, -85] }],
            },
            {
              topic: topic.name,
              partition: 0,
              offset: 1,
              timestamp: 1_600_000_000_124,
              timestampType: 'CREATE_TIME',
              headers: [],
            },
          ],
        },
      },
    ],
  );
});

for (const [partialFailures, retried] of [
  ['failed-only', [3]],
  ['from-lowest', [3, 4, 5]],
] as const)
  test(`a failed record is retried until it succeeds, then its partition goes on (${partialFailures})`, async (t) => {
    const topic = await createTopic(t, 1);
    await topic.produce(messages(8, 0));
    const committedMeanwhile: (number | undefined)[] = [];
    const lambda = fakeFunction(async (records, nth) => {
      committedMeanwhile.push((await topic.committed()).get(0));
      return nth < 3 ? failed(...records.filter(({ offset }) => offset === 3)) : success;
    });
    const reports: BatchReport[] = [];
    const mapping = await startMapping(t, topic, {
      ...lambda,
      partialFailures,
      batchSize: 6,
      onBatch: (report) => reports.push(report),
    });
    await drained(mapping, topic);
    deepStrictEqual(lambda.offsets(0), [0, 1, 2, 3, 4, 5, ...retried, ...retried, 6, 7]);
    deepStrictEqual(committedMeanwhile, [undefined, 3, 3, 6]);
    deepStrictEqual(
      reports.map(({ attempt, records, retried: again, partitions }) => [
        attempt,
        records,
        again,
        partitions[0]?.toRetry,
      ]),
      [
        [1, 6, 0, retried.length],
        [2, retried.length, retried.length, retried.length],
        [3, retried.length, retried.length, 0],
        [1, 2, 0, 0],
      ],
    );
    deepStrictEqual(mapping.counts(), {
      invocations: 4,
      delivered: 8 + 2 * retried.length,
      retriedRecords: 2 * retried.length,
      toDestination: 0,
      dropped: 0,
    });
  });

test('a crash retries the whole batch, of every partition in it', async (t) => {
  const topic = await createTopic(t, 2);
  await topic.produce([...messages(3, 0), ...messages(3, 1)]);
  const lambda = fakeFunction((_, nth) => (nth === 1 ? crash : success));
  const mapping = await startMapping(t, topic, { ...lambda, maxBatchingWindowMs: 1000 });
  await drained(mapping, topic);
  strictEqual(lambda.given.length, 2);
  deepStrictEqual(lambda.given[1], lambda.given[0]);
  deepStrictEqual(lambda.offsets(1), [0, 1, 2, 0, 1, 2]);
});

test('a partition that fails holds up no other', async (t) => {
  const topic = await createTopic(t, 2);
  await topic.produce([...messages(1, 0), ...messages(300, 1)]);
  let healthy = false;
  const lambda = fakeFunction((records) => {
    const bad = records.filter(({ partition }) => partition === 0 && !healthy);
    return bad.length > 0 ? failed(...bad) : success;
  });
  const mapping = await startMapping(t, topic, { ...lambda, batchSize: 10 });
  await mapping.drained(new Map([[1, 300]]));
  deepStrictEqual(await topic.committed(), new Map([[1, 300]]));
  healthy = true;
  await drained(mapping, topic);
  deepStrictEqual(lambda.offsets(1), upTo(300));
});

test('a partition that fails holds up no other, also where no more can be read of any', async (t) => {
  const topic = await createTopic(t, 2);
  await topic.produce([...messages(20, 0), ...messages(6, 1)]);
  let healthy = false;
  const lambda = fakeFunction((records) => {
    const bad = records.filter(({ partition }) => partition === 0 && !healthy);
    return bad.length > 0 ? failed(...bad) : success;
  });
  // Two batches of each partition wait from the first fetch on, and one batch has records of both.
  const mapping = await startMapping(t, topic, { ...lambda, batchSize: 2, maxBatchingWindowMs: 0 });
  await mapping.drained(new Map([[1, 6]]));
  healthy = true;
  await drained(mapping, topic);
  deepStrictEqual(lambda.offsets(1), upTo(6));
});

test('a mapping that is stopped in the middle of its retries goes on where it failed', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(messages(5, 0));
  const retrying = Promise.withResolvers<void>();
  const failing = fakeFunction((records, nth) => {
    if (nth > 2) retrying.resolve();
    return failed(...records.filter(({ offset }) => offset === 2));
  });
  const first = await startMapping(t, topic, failing);
  await retrying.promise;
  await first.stop();
  deepStrictEqual(await topic.committed(), new Map([[0, 2]]));

  const lambda = fakeFunction();
  const second = await startMapping(t, topic, lambda);
  await drained(second, topic);
  deepStrictEqual(lambda.offsets(0), [2, 3, 4]);
});

test('a batch that was processed but not committed is delivered again', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(messages(20, 0));
  const before = fakeFunction();
  const lost = Promise.withResolvers<void>();
  const first = await startMapping(t, topic, {
    ...before,
    batchSize: 10,
    loseCommit: (batch) => batch[0]?.records[0]?.offset === 10,
    onBatch: ({ partitions }) => partitions[0]?.firstOffset === 10 && lost.resolve(),
  });
  await lost.promise;
  await first.stop();
  deepStrictEqual(before.offsets(0), upTo(20));

  const after = fakeFunction();
  const second = await startMapping(t, topic, after);
  await drained(second, topic);
  deepStrictEqual(after.offsets(0), upTo(20).slice(10));
});

test('stopping finishes and commits what is in flight', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(messages(3, 0));
  const began = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<InvokeResult>();
  const mapping = await startMapping(t, topic, {
    invoke: () => {
      began.resolve();
      return answer.promise;
    },
  });
  await began.promise;
  const stopped = mapping.stop();
  answer.resolve(success);
  await stopped;
  await mapping.finished;
  deepStrictEqual(await topic.committed(), new Map([[0, 3]]));
});

test('two mappings of a group share its partitions and deliver everything', async (t) => {
  const topic = await createTopic(t, 4);
  const send = async (): Promise<void> => {
    for (const partition of upTo(4)) await topic.produce(messages(200, partition));
  };
  const lambdas = [fakeFunction(), fakeFunction()] as const;
  await send();
  const first = await startMapping(t, topic, { ...lambdas[0], batchSize: 50 });
  const second = await startMapping(t, topic, { ...lambdas[1], batchSize: 50 });
  while (first.partitions().length !== 2 || second.partitions().length !== 2)
    await new Promise(setImmediate);
  await send();
  await Promise.all([drained(first, topic), drained(second, topic)]);

  deepStrictEqual([...first.partitions(), ...second.partitions()].toSorted(), upTo(4));
  const seen = upTo(4).map((partition) =>
    [...new Set(lambdas.flatMap((lambda) => lambda.offsets(partition)))].toSorted((a, b) => a - b),
  );
  for (const offsets of seen) deepStrictEqual(offsets, upTo(400));
  ok(lambdas.every((lambda) => lambda.given.length > 0));
});

test('a member that goes leaves its partitions to the others', async (t) => {
  const topic = await createTopic(t, 2);
  const lambda = fakeFunction();
  const first = await startMapping(t, topic, fakeFunction());
  const second = await startMapping(t, topic, lambda);
  while (second.partitions().length !== 1) await new Promise(setImmediate);
  await first.stop();
  await topic.produce([...messages(5, 0), ...messages(5, 1)]);
  await drained(second, topic);
  deepStrictEqual([lambda.offsets(0), lambda.offsets(1)], [upTo(5), upTo(5)]);
});

test('a batch in flight of a partition that was lost is not committed; its new owner reads it again', async (t) => {
  const topic = await createTopic(t, 2);
  await topic.produce([...messages(3, 0), ...messages(3, 1)]);
  const began = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<InvokeResult>();
  const reported = Promise.withResolvers<BatchReport>();
  const first = await startMapping(t, topic, {
    maxBatchingWindowMs: 1000,
    onBatch: reported.resolve,
    invoke: () => {
      began.resolve();
      return answer.promise;
    },
  });
  await began.promise;

  const again = Promise.withResolvers<string>();
  const never = Promise.withResolvers<InvokeResult>();
  const second = await startMapping(t, topic, {
    invoke: (eventJson) => {
      again.resolve(eventJson);
      return never.promise;
    },
  });
  const records = JSON.parse(await again.promise).records as Records;
  const [lost] = second.partitions();
  const [kept] = first.partitions();
  deepStrictEqual(
    Object.entries(records).map(([identifier, list]) => [identifier, list.length]),
    [[`${topic.name}-${lost}`, 3]],
  );

  answer.resolve(success);
  strictEqual((await reported.promise).records, 6);
  deepStrictEqual(await topic.committed(), new Map([[kept, 3]]));
  never.resolve(success);
  await Promise.all([drained(first, topic), drained(second, topic)]);
});

test('partitions that are added while a mapping runs are read from their beginning, and a batch in flight is not read again', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(messages(3, 0));
  const began = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<InvokeResult>();
  const lambda = fakeFunction((records) => {
    if (records.some(({ partition }) => partition !== 0)) return success;
    began.resolve();
    return answer.promise;
  });
  const mapping = await startMapping(t, topic, {
    ...lambda,
    concurrency: 2,
    metadataMaxAgeMs: 100,
  });
  await began.promise;
  await topic.grow(3);
  await topic.produce(upTo(3).flatMap((partition) => messages(5, partition)));
  const ends = await topic.endOffsets();
  await mapping.drained(new Map([...ends].filter(([partition]) => partition !== 0)));
  answer.resolve(success);
  await mapping.drain();
  deepStrictEqual(
    upTo(3).map((partition) => lambda.offsets(partition)),
    [upTo(8), upTo(5), upTo(5)],
  );
});

test('partitions that are added are shared out among the members of the group', async (t) => {
  const topic = await createTopic(t, 1);
  const lambda = fakeFunction();
  const options = { ...lambda, metadataMaxAgeMs: 100 };
  const first = await startMapping(t, topic, options);
  const second = await startMapping(t, topic, options);
  await topic.grow(4);
  await topic.produce(upTo(4).flatMap((partition) => messages(5, partition)));
  await Promise.all([first.drain(), second.drain()]);
  deepStrictEqual([first.partitions().length, second.partitions().length], [2, 2]);
  // What was in flight of a partition that went to the other member may come twice.
  deepStrictEqual(
    upTo(4).map((partition) => [...new Set(lambda.offsets(partition))]),
    upTo(4).map(() => upTo(5)),
  );
});

test('records of an aborted transaction are not delivered, and what follows them is', async (t) => {
  const topic = await createTopic(t, 1);
  const say = (value: string) => [{ partition: 0, value: Buffer.from(value) }];
  await topic.produce(say('before'));
  await topic.produceAndAbort([...say('aborted'), ...say('aborted')]);
  await topic.produce(say('after'));
  await topic.produceAndAbort(say('aborted'));
  const values: string[] = [];
  const lambda = fakeFunction((records) => {
    values.push(...records.map(({ value }) => Buffer.from(value, 'base64').toString()));
    return success;
  });
  const mapping = await startMapping(t, topic, lambda);
  // The marker that ends the last transaction has an offset too: it is passed without a record.
  await drained(mapping, topic);
  deepStrictEqual(values, ['before', 'after']);
});

test('a mapping begins at the oldest record that the topic still has', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(messages(5, 0));
  await topic.deleteBelow(0, 3);
  const lambda = fakeFunction();
  await drained(await startMapping(t, topic, lambda), topic);
  deepStrictEqual(lambda.offsets(0), [3, 4]);
});

test('a group whose next records are gone goes on with the oldest that are there', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(messages(2, 0));
  const first = await startMapping(t, topic, fakeFunction());
  await drained(first, topic);
  await first.stop();
  await topic.produce(messages(4, 0));
  await topic.deleteBelow(0, 4);
  const lambda = fakeFunction();
  await drained(await startMapping(t, topic, lambda), topic);
  deepStrictEqual(lambda.offsets(0), [4, 5]);
});

test('a group that stands behind the end of its topic begins again at the oldest record', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(messages(3, 0));
  await topic.commit(0, 100);
  const delivered = Promise.withResolvers<void>();
  const lambda = fakeFunction((records) => {
    if (records.at(-1)?.offset === 2) delivered.resolve();
    return success;
  });
  const mapping = await startMapping(t, topic, lambda);
  await delivered.promise;
  await mapping.stop();
  deepStrictEqual(lambda.offsets(0), [0, 1, 2]);
  deepStrictEqual(await topic.committed(), new Map([[0, 3]]));
});

// A batch of the old topic committed its offset on the new one, beyond its end: what came there was never committed, and a drain saw nothing open.
test('a topic that is made anew while a batch is in flight is read from its beginning, and the old batch commits nothing', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(messages(20, 0));
  const began = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<InvokeResult>();
  const again = Promise.withResolvers<void>();
  const lambda = fakeFunction((_, nth) => {
    if (nth === 1) began.resolve();
    else again.resolve();
    return nth === 1 ? answer.promise : success;
  });
  const mapping = await startMapping(t, topic, { ...lambda, concurrency: 2 });
  await began.promise;
  await topic.remake();
  await topic.produce(messages(3, 0));
  await again.promise;
  answer.resolve(success);
  await drained(mapping, topic);
  deepStrictEqual(lambda.offsets(0), [...upTo(20), ...upTo(3)]);
  await mapping.stop();
  deepStrictEqual(await topic.committed(), new Map([[0, 3]]));
});

// The member waited for a commit of records that nobody can read.
test('a partition without a record left is drained for each member of its group', async (t) => {
  const topic = await createTopic(t, 2);
  await topic.produce([...messages(3, 0), ...messages(3, 1)]);
  for (const partition of upTo(2)) await topic.deleteBelow(partition, 3);
  const first = await startMapping(t, topic, fakeFunction());
  const second = await startMapping(t, topic, fakeFunction());
  while (second.partitions().length !== 1) await new Promise(setImmediate);
  await Promise.all([drained(first, topic), drained(second, topic)]);
});

test('a backlog that is far larger than memory is read batch by batch: two of a partition wait, whatever time the function takes', async (t) => {
  const [partitions, each, bytes, batchSize] = [4, 1500, 10_000, 50];
  const topic = await createTopic(t, partitions);
  const value = Buffer.alloc(bytes, 'x');
  for (let sent = 0; sent < each; sent += 50)
    await topic.produce(upTo(partitions * 50).map((n) => ({ partition: n % partitions, value })));
  // Two batches of a partition wait, a fetch of 1 MiB, and what of these is in flight; base64 makes a third more of them.
  const bound = partitions * (3 * batchSize * bytes + 1024 * 1024);
  ok(partitions * each * bytes > 5 * bound);

  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const liveBytes = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const read = (): number => connectionsTo(topic).reduce((sum, one) => sum + one.bytesRead, 0);
  const [readBefore, liveBefore] = [read(), liveBytes()];
  let [begun, delivered] = [0, 0];
  let [mostWaiting, mostLive] = [0, 0];
  const mapping = await startMapping(t, topic, {
    batchSize,
    concurrency: 2,
    invoke: async (eventJson) => {
      const nth = begun++;
      // The first two take as long as records are read. Heartbeats, and answers without records, have less bytes than one record.
      for (let before = -bytes; nth < 2 && read() - before >= bytes; await delay(200))
        before = read();
      mostWaiting = Math.max(mostWaiting, read() - readBefore - delivered * bytes);
      if (nth % 20 === 0) mostLive = Math.max(mostLive, liveBytes() - liveBefore);
      delivered += Object.values(JSON.parse(eventJson).records as Records).flat().length;
      return success;
    },
  });
  await drained(mapping, topic);
  strictEqual(delivered, partitions * each);
  ok(mostWaiting < bound, `${mostWaiting} bytes of ${partitions * each * bytes} waited`);
  ok(mostLive < 3 * bound, `${mostLive} bytes were alive`);
});

test('a batch that is given up goes to the destination, and its partition goes on behind it', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce([
    ...messages(2, 0),
    { partition: 0, value: Buffer.alloc(2000) },
    ...messages(3, 0),
  ]);
  const envelopes: FailureEnvelope[] = [];
  // The record at 1 makes the function fail; the record at 2 is in no event.
  const lambda = fakeFunction((records) =>
    records.some(({ offset }) => offset === 1) ? crash : success,
  );
  const mapping = await startMapping(t, topic, {
    ...lambda,
    payloadBytes: 2000,
    retryAttempts: 1,
    bisectBatchOnError: true,
    onFailure: (envelope) => void envelopes.push(envelope),
  });
  await drained(mapping, topic);
  deepStrictEqual(
    lambda.given.map((one) => Object.values(one).flat()),
    [[0, 1], [0], [1], [1], [3, 4, 5]],
  );
  deepStrictEqual(
    envelopes.map(({ requestContext, KafkaBatchInfo, payload }) => [
      requestContext.condition,
      KafkaBatchInfo.batchSize,
      Object.values(JSON.parse(payload).records as Records).flat()[0]?.offset,
    ]),
    [
      ['RetryAttemptsExhausted', 1, 1],
      ['MaximumPayloadSizeExceeded', 1, 2],
    ],
  );
  deepStrictEqual(await topic.committed(), new Map([[0, 6]]));
  strictEqual(mapping.counts().toDestination, 2);
});

test('a record that no event can hold is dropped where there is no destination, and counted', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce([{ partition: 0, value: Buffer.alloc(2000) }, ...messages(1, 0)]);
  const lambda = fakeFunction();
  const given: unknown[] = [];
  const mapping = await startMapping(t, topic, {
    ...lambda,
    payloadBytes: 2000,
    onGivenUp: (report) => given.push(report),
  });
  await drained(mapping, topic);
  deepStrictEqual(given, [
    {
      condition: 'MaximumPayloadSizeExceeded',
      kept: false,
      records: 1,
      partitions: [{ identifier: `${topic.name}-0`, firstOffset: 0, lastOffset: 0 }],
    },
  ]);
  strictEqual(mapping.counts().dropped, 1);
  deepStrictEqual(lambda.offsets(0), [1]);
});

test('a topic that is not there, or a setting that Lambda refuses, is said at the start', async (t) => {
  const topic = await createTopic(t, 1);
  await rejects(startMapping(t, { ...topic, name: 'no-such-topic' }, fakeFunction()), {
    name: 'TriggerError',
    message: /Cannot read topic no-such-topic/,
  });
  await rejects(startMapping(t, topic, { ...fakeFunction(), batchSize: 0, concurrency: 6 }), {
    name: 'TriggerError',
    message: /batchSize must be .*\(given 0\); concurrency must be .*\(given 6\)/,
  });
});

test('after stop no connection to Kafka is open', async (t) => {
  const topic = await createTopic(t, 1);
  const before = connectionsTo(topic).length;
  const mapping = await startMapping(t, topic, fakeFunction());
  ok(connectionsTo(topic).length > before);
  await mapping.stop();
  strictEqual(connectionsTo(topic).length, before);
});

test('a group that has caught up is given what comes later', async (t) => {
  const topic = await createTopic(t, 1);
  const lambda = fakeFunction();
  const mapping = await startMapping(t, topic, lambda);
  await drained(mapping, topic);
  for (const _ of upTo(3)) {
    await topic.produce(messages(2, 0));
    await drained(mapping, topic);
  }
  deepStrictEqual(lambda.offsets(0), upTo(6));
});
