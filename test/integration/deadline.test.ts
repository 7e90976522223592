import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { startFunction } from 'local-kafka-trigger';
import { toKafkaEvent } from '../../events/kafka-event.ts';
import { type Sample, samples } from '../../events/samples.ts';
import { bundleFunction } from '../../local/bundle.ts';
import { openKeyspace } from '../../local/keyspace.ts';
import { startCassandra } from '../../local/servers/cassandra.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';

const event = JSON.stringify(toKafkaEvent(samples['msk'] as Sample));
const handled = { kind: 'response', payload: '{"batchItemFailures":[]}' };

test('a function whose database hangs answers before its time is up, says why, and goes on when it is back', async () => {
  await using resources = new AsyncDisposableStack();
  const cassandra = resources.use(await startCassandra());
  const keyspace = resources.use(
    await openKeyspace({
      bootstrapServers: [],
      cassandra: {
        CASSANDRA_CONTACT_POINTS: cassandra.contactPoints.join(','),
        CASSANDRA_LOCAL_DATACENTER: cassandra.localDataCenter,
        CASSANDRA_TLS: 'off',
      },
      externalCassandra: false,
      [Symbol.asyncDispose]: async () => {},
    }),
  );
  const folder = resources.use(await temporaryFolder('test-function'));
  const lines: string[] = [];
  const ingest = resources.use(
    await startFunction({
      handler: await bundleFunction(folder.path),
      environment: { ...keyspace.environment },
      // The least timeout for which all deadlines hold: 20 s, then 5 s to connect and 4 s for an answer.
      timeoutSeconds: 30,
      onLog: (line) => lines.push(line),
    }),
  );
  deepStrictEqual(await ingest.invoke(event), handled);

  cassandra.process.pause();
  const result = await ingest.invoke(event);
  cassandra.process.resume();
  const itemIdentifiers = [100, 101, 102].map((offset) => ({
    itemIdentifier: { partition: 'user-events-0', offset },
  }));
  deepStrictEqual(result, {
    kind: 'response',
    payload: JSON.stringify({ batchItemFailures: itemIdentifiers }),
  });
  const { level, failed, transientFailures, partitions } = JSON.parse(lines.at(-1) ?? '');
  deepStrictEqual([level, failed, transientFailures > 1], ['WARN', 3, true]);
  strictEqual(partitions[0].failedFrom, 'user-events-0@100');
  match(partitions[0].reason, /^(reading the checkpoint of user-events-0|connecting to Cassandra)/);

  deepStrictEqual(await ingest.invoke(event), handled);
});
