import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RecordsOfPartition, toEventJson } from 'local-kafka-trigger/mapping/kafka-event.ts';
import { toRecordJson } from 'local-kafka-trigger/mapping/record-json.ts';
import { standardRows } from '../cli/verify/rules/row.ts';
import type { GeneratedRecord } from '../local/dataset/generated-record.ts';
import { generate } from '../local/dataset/generator.ts';

/** The generator's topic, read as a backlog: every event is a batch of one partition. */
export interface Recording {
  /** The folder of the files that `eventFile` names. */
  readonly folder: string;
  /** Gives the rows expected after the first `batches`. */
  readonly expected: (batches: number) => ExpectedRows;
}

export interface ExpectedRows {
  readonly userEvents: number;
  readonly rejected: number;
  /** The rows of a consumer that stores every readable event, late or not. */
  readonly withLate: number;
}

export interface RecordingOptions {
  readonly folder: string;
  readonly batches: number;
  readonly recordsPerBatch: number;
  readonly partitions: number;
}

const topic = 'bench';
const seed = 1;
/** The milliseconds between two events: 83 events a second, as in `npm start`. */
const step = 12;
const startTime = Date.UTC(2026, 2, 10, 23, 40);
const source = { kind: 'self-managed', bootstrapServers: 'localhost:9092' } as const;

/** Makes endless batches of one partition each, in the order in which they are full. */
const batchesOf = function* (
  recordsPerBatch: number,
  partitions: number,
): Generator<GeneratedRecord[], never> {
  const waiting: GeneratedRecord[][] = Array.from({ length: partitions }, () => []);
  for (const generated of generate({ seed, partitions, startTime, step })) {
    const queue = waiting[generated.partition] as GeneratedRecord[];
    queue.push(generated);
    if (queue.length < recordsPerBatch) continue;
    yield queue;
    waiting[generated.partition] = [];
  }
  throw new Error('the generator has no end');
};

export const record = async (options: RecordingOptions): Promise<Recording> => {
  const { folder, batches, recordsPerBatch, partitions } = options;
  const counts = createCounts();
  const after: ExpectedRows[] = [counts.rows()];
  for (const batch of batchesOf(recordsPerBatch, partitions).take(batches)) {
    await writeFile(eventFile(folder, after.length - 1), toJson(batch));
    for (const one of batch) counts.add(one);
    after.push(counts.rows());
  }
  return { folder, expected: (count) => after[count] as ExpectedRows };
};

/** Reads the first events of a recording, as JSON text. */
export const firstEvents = (
  batches: number,
  { recordsPerBatch, partitions }: Pick<RecordingOptions, 'recordsPerBatch' | 'partitions'>,
): string[] => [...batchesOf(recordsPerBatch, partitions).take(batches).map(toJson)];

/**
 * Makes a topic of its own that is read as a backlog. The returned function gives the next event of so many records, shared
 * equally by all partitions, as JSON text.
 */
export const openTopic = (partitions: number): ((records: number) => string) => {
  const name = `${topic}-of-${partitions}`;
  const stream = generate({ seed, partitions, startTime, step });
  const waiting: GeneratedRecord[][] = Array.from({ length: partitions }, () => []);
  return (records) => {
    const parts = waiting.map((queue, partition) => {
      const share =
        Math.floor(((partition + 1) * records) / partitions) -
        Math.floor((partition * records) / partitions);
      while (queue.length < share) {
        const next = stream.next().value;
        waiting[next.partition]?.push(next);
      }
      return toPart(name, partition, queue.splice(0, share));
    });
    return toEventJson(source, parts);
  };
};

/** Names the file of one event, which is JSON text. */
export const eventFile = (folder: string, index: number): string => join(folder, `${index}.json`);

const toJson = (batch: readonly GeneratedRecord[]): string =>
  toEventJson(source, [toPart(topic, batch[0]?.partition, batch)]);

const toPart = (
  name: string,
  partition: number | undefined,
  generated: readonly GeneratedRecord[],
): RecordsOfPartition => ({
  identifier: `${name}-${partition}`,
  records: generated.map(({ intent: _, headers, ...fields }) => ({
    json: toRecordJson({
      ...fields,
      topic: name,
      timestampType: 'CREATE_TIME',
      headers: headers.map(([header, value]) => [Buffer.from(header), value] as const),
    }),
  })),
});

const createCounts = () => {
  const keys = new Set<string>();
  const keysWithLate = new Set<string>();
  let rejected = 0;
  return {
    add({ intent }: GeneratedRecord): void {
      const key = 'event' in intent ? standardRows.key(intent.event) : null;
      if (key !== null) keysWithLate.add(key);
      if (key !== null && intent.kind !== 'late') keys.add(key);
      else rejected += 1;
    },
    rows: (): ExpectedRows => ({
      userEvents: keys.size,
      rejected,
      withLate: keysWithLate.size,
    }),
  };
};
