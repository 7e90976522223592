import { deepStrictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type EventSourceMapping,
  type FailureEnvelope,
  type KafkaEvent,
  startEventSourceMapping,
} from '../../src/index.ts';
import { createTopic } from '../support/kafka-topic.ts';

const support = join(import.meta.dirname, '../support');
const partitions = 3;
const each = 20;
/** The offset of each partition that no shape takes. */
const bad = 7;

const offsetsOf = ({ records }: KafkaEvent): string[] =>
  Object.entries(records).flatMap(([, list]) =>
    list.map(({ partition, offset }) => `${partition}@${offset}`),
  );

for (const [shape, program] of [
  ['a plain handler', { handler: 'shapes/plain.handler' }],
  ['a module of CommonJS', { handler: 'shapes/common.handler' }],
  ['a module in TypeScript', { handler: 'shapes/typed.handler' }],
  ['a handler with middy', { handler: 'shapes/middy.handler' }],
  ['a consumer of Powertools', { handler: 'shapes/powertools.handler' }],
  ['a program that is no Node', { command: ['bash', 'runtime.sh'] }],
] as const)
  for (const members of [1, 2])
    test(`${shape} is given each record, and the records that it cannot take are given up alone, by ${members} ${members === 1 ? 'member' : 'members'}`, async (t) => {
      const topic = await createTopic(t, partitions);
      await topic.produce(
        Array.from({ length: partitions * each }, (_, n) => ({
          partition: n % partitions,
          value: Buffer.from(Math.floor(n / partitions) === bad ? 'bad' : 'good'),
        })),
      );
      const envelopes: FailureEnvelope[] = [];
      const mappings: EventSourceMapping[] = [];
      for (let member = 0; member < members; member += 1) {
        const mapping = await startEventSourceMapping({
          brokers: topic.bootstrapServers,
          topic: topic.name,
          consumerGroup: topic.group,
          function: { ...program, codeFolder: support, timeoutSeconds: 60 },
          batchSize: 10,
          maxBatchingWindowMs: 100,
          bisectBatchOnError: true,
          retryAttempts: 1,
          backoff: { firstMs: 1, maxMs: 1 },
          onFailure: (envelope) => void envelopes.push(envelope),
        });
        t.after(mapping.stop);
        mappings.push(mapping);
      }
      await Promise.all(mappings.map((mapping) => mapping.drain()));

      const all = Array.from(
        { length: partitions * each },
        (_, n) => `${n % partitions}@${Math.floor(n / partitions)}`,
      );
      const delivered = new Set(
        mappings.flatMap(({ deliveries }) => deliveries.flatMap(({ event }) => offsetsOf(event))),
      );
      deepStrictEqual([...delivered].toSorted(), all.toSorted());
      const givenUp = new Set(envelopes.flatMap(({ payload }) => offsetsOf(JSON.parse(payload))));
      deepStrictEqual(
        [...givenUp].toSorted(),
        [...Array(partitions).keys()].map((partition) => `${partition}@${bad}`),
      );
    });
