// `npm run bench:lateness`: prints the table of docs/decisions/0001-running-is-the-default.md: the share of a backlog's events that rule
// `running` finds on time and rule `batch` finds late, on the generator's topic, by the size of a batch.

import { scriptCommand } from '../cli/terminal/command.ts';
import { print, table } from '../cli/terminal/print.ts';
import { number } from '../cli/terminal/words.ts';
import { createDecoder } from '../functions/ingest/avro/create-decoder.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import { earliestTime, latestTime } from '../functions/ingest/event/readable-time.ts';
import { decode } from '../functions/ingest/pipeline/decoder.ts';
import { Delivery } from '../functions/ingest/pipeline/delivery.ts';
import { judge } from '../functions/ingest/pipeline/judge.ts';
import type { KafkaRecord } from '../functions/ingest/pipeline/kafka-record.ts';
import type { MaxEventTime } from '../functions/ingest/pipeline/watermark.ts';
import { noRegistry } from '../functions/ingest/schema-registry/create-registry.ts';
import type { GeneratedRecord } from '../local/dataset/generated-record.ts';
import { generate } from '../local/dataset/generator.ts';
import { eventPlan } from '../schema/event-plan.ts';

scriptCommand({
  name: 'bench:lateness',
  does: 'Computes the share of a backlog’s events that lateness rule batch rejects as late and rule running does not, by the size of a batch.',
  takes: 'about half a minute',
}).parse();

const events = 200_000;
const partitions = 6;
const outOfOrdernessMs = 120_000;
const maxFutureMs = outOfOrdernessMs;
const eventTimes = { earliestEventTime: earliestTime, latestEventTime: latestTime };
const startTime = Date.UTC(2026, 2, 10, 23, 40);

const layout = new EventLayout(eventPlan());
const decoder = createDecoder({ wireFormat: 'bare', registry: 'none', layout }, noRegistry);

const toRecord = (generated: GeneratedRecord): KafkaRecord => {
  const { intent: _, headers: __, ...fields } = generated;
  return { topic: 'events', ...fields, headers: [] };
};

/** Counts the late records of one partition, cut into batches. */
const late = (records: readonly KafkaRecord[], latenessRule: 'running' | 'batch', size: number) => {
  let max: MaxEventTime = null;
  let count = 0;
  for (let start = 0; start < records.length; start += size) {
    const settings = { outOfOrdernessMs, maxFutureMs, latenessRule, ...eventTimes };
    const deliveries = records
      .slice(start, start + size)
      .map((record) => new Delivery(record, decode(record, decoder)));
    judge(deliveries, max, settings, Date.now());
    max = deliveries.at(-1)?.maxEventTime ?? max;
    count += deliveries.filter(({ rejection }) => rejection?.reason === 'late').length;
  }
  return count;
};

/** The table's rows. A step of 12 ms is the topic of `npm start` (83 events a second); larger steps are quieter topics. */
const rows = [12, 60, 600].flatMap((step) => {
  const byPartition: KafkaRecord[][] = Array.from({ length: partitions }, () => []);
  const records = generate({ seed: 1, partitions, startTime: startTime - events * step, step });
  for (const record of records.take(events)) byPartition[record.partition]?.push(toRecord(record));
  const total = (rule: 'running' | 'batch', size: number): number =>
    byPartition.reduce((sum, records) => sum + late(records, rule, size), 0);
  const share = (count: number): string => `${((count / events) * 100).toFixed(1)} %`;
  return [
    [
      `${(1000 / step).toFixed(1)}`,
      share(total('running', 1_000)),
      ...[100, 1_000, 10_000].map((size) => share(total('batch', size))),
    ],
  ];
});

print(
  `Late, of ${number(events)} events over ${partitions} partitions, read as a backlog:\n${table(
    ['events/s on the topic', 'running', 'batch of 100', 'batch of 1,000', 'batch of 10,000'],
    rows,
    true,
  )}`,
);
