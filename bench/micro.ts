// `npm run bench:micro`: measures each part of a record's work without a database, to show where a regression lies. The records are
// those of `npm run bench`.

import { scriptCommand } from '../cli/terminal/command.ts';
import { print, table } from '../cli/terminal/print.ts';
import { number } from '../cli/terminal/words.ts';
import { createDecoder } from '../functions/ingest/avro/create-decoder.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import { BatchRequest } from '../functions/ingest/cassandra/batch/batch-request.ts';
import { BufferPool } from '../functions/ingest/cassandra/batch/buffer-pool.ts';
import { batchLimits, rowBatches } from '../functions/ingest/cassandra/batch/row-batches.ts';
import { eventRows } from '../functions/ingest/cassandra/rows/event-rows.ts';
import { earliestTime, latestTime } from '../functions/ingest/event/readable-time.ts';
import { toPartitionBatches } from '../functions/ingest/kafka/to-partition-batches.ts';
import { decode } from '../functions/ingest/pipeline/decoder.ts';
import { Delivery } from '../functions/ingest/pipeline/delivery.ts';
import { judge } from '../functions/ingest/pipeline/judge.ts';
import { groupByRow } from '../functions/ingest/pipeline/row-groups.ts';
import { noRegistry } from '../functions/ingest/schema-registry/create-registry.ts';
import { eventPlan } from '../schema/event-plan.ts';
import { firstEvents } from './recording.ts';
import { medianTimes } from './tasks.ts';

scriptCommand({
  name: 'bench:micro',
  does: 'Measures each part of a record’s work, without a database.',
  takes: 'about 15 seconds',
}).parse();

const recordsPerBatch = 1_000;
const settings = {
  outOfOrdernessMs: 120_000,
  latenessRule: 'running',
  maxFutureMs: 120_000,
  earliestEventTime: earliestTime,
  latestEventTime: latestTime,
} as const;
const queryId = Buffer.alloc(16);
const pool = new BufferPool(128);
const limits = batchLimits({
  contactPoints: ['localhost'],
  batchPartitions: 10,
  batchKibibytes: 5,
});

const texts = firstEvents(10, { recordsPerBatch, partitions: 6 });
const layout = new EventLayout(eventPlan());
const rowsOf = eventRows(layout);
const decoder = createDecoder({ wireFormat: 'bare', registry: 'none', layout }, noRegistry);
const all =
  <A, B>(inputs: readonly A[], work: (input: A) => B): (() => B[]) =>
  () =>
    inputs.map(work);

const parse = all(texts, (text): unknown => JSON.parse(text));
const batches = all(parse(), toPartitionBatches);
const decoded = all(batches().flat(), ({ records }) =>
  records.map((record) => new Delivery(record, decode(record, decoder))),
);
const judged = all(decoded(), (deliveries) => {
  judge(deliveries, null, settings, Date.now());
  return deliveries;
});
const grouped = all(judged(), (deliveries) => groupByRow(deliveries).groups);
const cut = all(grouped(), (groups) => {
  const rows = rowsOf(groups);
  return rowBatches(rows, limits, null).map((indexes) => ({ rows, indexes }));
});
const requests = all(cut().flat(), (batch) => {
  return new BatchRequest(queryId, batch, { timestamp: null, consistency: 6 }, pool).write(
    { protocolVersion: 4 },
    0,
  );
});

const parts = {
  'parse JSON': parse,
  'to partition batches': batches,
  'decode Avro': decoded,
  judge: judged,
  'group by key': grouped,
  'cut into batches': cut,
  encode: requests,
};
const times = await medianTimes(parts, { time: 1_000, warmupTime: 500 });
const nanoseconds = [...times].map(([name, milliseconds]): [string, number] => [
  name,
  (milliseconds * 1e6) / (texts.length * recordsPerBatch),
]);
const sum = nanoseconds.reduce((total, [, one]) => total + one, 0);
print(
  table(
    ['part', 'ns a record'],
    [...nanoseconds, ['all', sum] as const].map(([name, one]) => [name, number(Math.round(one))]),
    true,
  ),
);
