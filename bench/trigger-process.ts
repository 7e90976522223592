// The process that `npm run bench:trigger` measures: `… <way> <brokers> <topic> <records>`. It reads the topic in one way up to its
// end, and sends its parent the measurements.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Consumer, MessagesStreamModes } from '@platformatic/kafka';
import { type EventSourceMappingOptions, startEventSourceMapping } from 'local-kafka-trigger';
import type { Took } from './trigger-ways.ts';

const readByLoop = async (brokers: string[], topic: string, records: number): Promise<void> => {
  const consumer = new Consumer({
    clientId: 'loop',
    groupId: `loop-${randomUUID()}`,
    bootstrapBrokers: brokers,
  });
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST });
  let read = 0;
  for await (const _ of stream) {
    read += 1;
    if (read === records) break;
  }
  await consumer.close(true);
};

const readByTrigger = async (
  brokers: string[],
  topic: string,
  given: Pick<EventSourceMappingOptions, 'invoke' | 'function'>,
): Promise<void> => {
  await using mapping = await startEventSourceMapping({
    brokers,
    topic,
    batchSize: 1000,
    keepDeliveries: 0,
    ...given,
  });
  await mapping.drain();
};

const [, , way = 'loop', servers = '', topic = '', records = '0'] = process.argv;
const brokers = servers.split(',');
const before = process.cpuUsage();
const began = performance.now();
if (way === 'loop') await readByLoop(brokers, topic, Number(records));
else if (way === 'trigger')
  await readByTrigger(brokers, topic, {
    invoke: async () => ({ kind: 'response', payload: 'null' }),
  });
else
  await readByTrigger(brokers, topic, {
    function: { handler: join(import.meta.dirname, 'trigger-function.mjs'), timeoutSeconds: 60 },
  });
const { user, system } = process.cpuUsage(before);
process.send?.({
  seconds: (performance.now() - began) / 1000,
  cpuSeconds: (user + system) / 1e6,
  memoryMb: process.resourceUsage().maxRSS / 1024,
} satisfies Took);
