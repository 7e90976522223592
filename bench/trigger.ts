// `npm run bench:trigger`: measures what packages/local-kafka-trigger costs beside a loop that only reads.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Producer } from '@platformatic/kafka';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { print, printStep } from '../cli/terminal/print.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { createTopic } from '../local/dataset/topic.ts';
import { startKafka } from '../local/servers/kafka.ts';
import { type Took, type Way, ways } from './trigger-ways.ts';

const partitions = 4;
/** The bytes of a value: about those of a user event. */
const valueBytes = 200;
const batch = 5_000;
const rounds = 3;

const { records } = scriptCommand({
  name: 'bench:trigger',
  does: `Measures records a second and CPU of the local trigger beside a loop that only reads, on one topic of ${partitions} partitions. The best of ${rounds} rounds is printed.`,
  takes: 'about a minute',
})
  .option('--records <number>', 'the records of the topic', wholeNumber(1_000, 10_000_000), 300_000)
  .parse()
  .opts<{ records: number }>();

const fill = async (brokers: readonly string[], topic: string): Promise<void> => {
  const producer = new Producer({ clientId: 'fill', bootstrapBrokers: [...brokers] });
  const value = Buffer.alloc(valueBytes, 'x');
  for (let sent = 0; sent < records; sent += batch)
    await producer.send({
      messages: Array.from({ length: Math.min(batch, records - sent) }, (_, n) => ({
        topic,
        partition: n % partitions,
        key: Buffer.from(`${sent + n}`),
        value,
      })),
    });
  await producer.close();
};

const measure = async (way: Way, brokers: readonly string[], topic: string): Promise<Took> => {
  const child = fork(join(import.meta.dirname, 'trigger-process.ts'), [
    way,
    brokers.join(','),
    topic,
    `${records}`,
  ]);
  guardProcess(child);
  const exited = once(child, 'exit');
  const [took] = (await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => {
      throw new Error(`the process that reads by ${way} ended with ${code}`);
    }),
  ])) as [Took];
  await exited;
  return took;
};

await main(async () => {
  const given = process.env['KAFKA_BOOTSTRAP_SERVERS'];
  await using kafka = given === undefined ? await startKafka() : null;
  const brokers = kafka?.bootstrapServers ?? (given ?? '').split(',');
  await using topic = await createTopic(brokers, `bench-${randomUUID()}`, partitions);
  printStep(`Filling a topic with ${records} records …`);
  await fill(brokers, topic.name);
  for (const way of Object.keys(ways) as Way[]) {
    const all: Took[] = [];
    for (let round = 0; round < rounds; round += 1)
      all.push(await measure(way, brokers, topic.name));
    const best = all.toSorted((a, b) => a.seconds - b.seconds)[0] as Took;
    const rate = Math.round(records / best.seconds).toLocaleString('en');
    const cpu = Math.min(...all.map(({ cpuSeconds }) => cpuSeconds)) * (1e6 / records);
    print(
      `${ways[way].padEnd(48)} ${rate.padStart(9)} records/s  ${cpu.toFixed(1).padStart(5)} s of CPU a million  ${best.memoryMb.toFixed(0).padStart(4)} MB`,
    );
  }
  return 0;
});
