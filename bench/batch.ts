import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { print, printStep } from '../cli/terminal/print.ts';
import { createHandler } from '../functions/ingest/create-handler.ts';
import { makeEvents } from '../functions/produce/events.ts';
import { openKeyspace } from '../local/keyspace.ts';
import { openServers } from '../local/open-servers.ts';

// `npm run bench:batch`: measures CPU, time and log bytes of a batch of one partition, in the function's own process and with a
// real Cassandra on the same machine. The figures are the input of the cost table (cost/model.ts).
scriptCommand({
  name: 'bench:batch',
  does: 'Measures a batch of 1,000 records of one partition: the figures that the cost table is made of. Starts a Cassandra, or uses yours.',
  takes: 'about half a minute',
}).parse();

const batchSize = 1000;
const warmUp = 20;
const measured = 60;

const kafkaEvent = (first: number) => ({
  eventSource: 'SelfManagedKafka',
  bootstrapServers: 'kafka:9092',
  records: {
    'events-0': makeEvents(batchSize, Date.now()).map(({ key, value }, index) => ({
      topic: 'events',
      partition: 0,
      offset: first + index,
      timestamp: Date.now(),
      timestampType: 'CREATE_TIME',
      key: key.toString('base64'),
      value: value.toString('base64'),
      headers: [],
    })),
  },
});

await main(async (signal) => {
  await using servers = await openServers({ kafka: false, onStep: printStep, signal });
  await using keyspace = await openKeyspace(servers);
  const { handler, close } = createHandler({ ...process.env, ...keyspace.environment });
  const context = { getRemainingTimeInMillis: () => 60_000 } as Parameters<typeof handler>[1];
  const events = Array.from({ length: warmUp + measured }, (_, batch) =>
    JSON.stringify(kafkaEvent(batch * batchSize)),
  );
  const durations: number[] = [];
  // The log lines of the batches are counted in bytes, and not written.
  const { write } = process.stdout;
  let written = 0;
  process.stdout.write = (line: string | Uint8Array) => {
    written += Buffer.byteLength(line);
    return true;
  };
  let before = process.cpuUsage();
  for (const [index, event] of events.entries()) {
    if (signal.aborted) break;
    if (index === warmUp) {
      before = process.cpuUsage();
      written = 0;
    }
    const began = performance.now();
    await handler(JSON.parse(event), context);
    if (index >= warmUp) durations.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  process.stdout.write = write;
  await close();
  signal.throwIfAborted();
  const median = durations.toSorted((one, other) => one - other)[Math.floor(measured / 2)] ?? 0;
  print(
    `A batch of ${batchSize} records: ${((user + system) / 1000 / measured).toFixed(1)} ms of CPU (mean of ${measured}), ` +
      `${median.toFixed(1)} ms from event to response (median), a line of ${Math.round(written / measured)} bytes; ` +
      'Cassandra on the same cores.',
  );
  return 0;
});
