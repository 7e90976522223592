import { deepStrictEqual, ok } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startFunction } from 'local-kafka-trigger';
import cdk from '../../cdk.json' with { type: 'json' };
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { bundleFunction } from '../../local/bundle.ts';
import { peakMemory } from '../../local/peak-memory.ts';
import { encode } from '../support/avro.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';

// The largest events that Lambda can bring pass through the bundle, each in a process with a deployed function's memory.
const { memory } = readDeployConfig('example', cdk.context.stages.example).function;

/** The limit of Lambda on an event, and of the event source mapping on its batch. */
const maxEventBytes = 6 * 1024 * 1024;
const maxRecords = 10_000;

let folder: string;
let bundle: string;
let keyspace: TestKeyspace;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'largest-batches-'));
  bundle = await bundleFunction(folder);
  keyspace = await openKeyspace();
});
after(async () => {
  await keyspace[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Runs one event in a process of its own; gives its log line, and the memory that it took. */
const invoke = async (event: string) => {
  const batch = Promise.withResolvers<Record<string, unknown>>();
  await using lambda = await startFunction({
    handler: bundle,
    memorySizeMb: memory,
    environment: {
      ...keyspace.environment,
      // Lambda's runtime starts Node so: 90 % of the memory for the old generation, 5 % for half of the young one.
      NODE_OPTIONS:
        `--max-old-space-size=${Math.floor(memory * 0.9)} ` +
        `--max-semi-space-size=${Math.floor(memory * 0.05)}`,
    },
    timeoutSeconds: 60,
    onLog: (line) => {
      if (line.startsWith('{')) batch.resolve(JSON.parse(line));
    },
  });
  const result = await lambda.invoke(event);
  if (result.kind === 'error') throw new Error(`${result.cause}: ${result.errorMessage}`);
  const peakMiB = peakMemory(lambda.pid as number) / 2 ** 20;
  return { line: await batch.promise, response: JSON.parse(result.payload), peakMiB };
};

const timestamp = 1_700_000_000_000;
interface Item {
  readonly partition?: number;
  readonly value?: Buffer;
  readonly headers?: readonly object[];
}
const eventOf = (topic: string, items: readonly Item[]): string => {
  const byPartition = Map.groupBy(items, ({ partition = 0 }) => partition);
  return JSON.stringify({
    eventSource: 'aws:kafka',
    records: Object.fromEntries(
      [...byPartition].map(([partition, list]) => [
        `${topic}-${partition}`,
        list.map(({ value, headers = [] }, offset) => ({
          topic,
          partition,
          offset,
          timestamp,
          timestampType: 'CREATE_TIME',
          ...(value === undefined ? {} : { value: value.toString('base64') }),
          headers,
        })),
      ]),
    ),
  });
};

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const user = (index: number): string =>
  `11111111-1111-4111-8111-${String(index).padStart(12, '0')}`;
const event = (index: number, padding = 0): Buffer =>
  encode({ user_id: user(index), metadata: padding === 0 ? {} : { a: 'x'.repeat(padding) } });
/** The bytes of Avro that become an event of just under 6 MiB. */
const largest = 4_650_000;
const threeBytes = (index: number): string =>
  String.fromCharCode(...[0, 1, 2].map((place) => 33 + (Math.floor(index / 94 ** place) % 94)));

for (const [what, items, outcomes] of [
  ['10,000 events', many(maxRecords, (n) => ({ value: event(n, 140) })), { written: maxRecords }],
  ['one event with a text of 4.6 MB', [{ value: event(0, largest) }], { failed: 1 }],
  [
    'one event with a metadata key of 4.6 MB',
    [{ value: encode({ metadata: { ['x'.repeat(largest)]: '' } }) }],
    { failed: 1 },
  ],
  [
    'one event with 830,000 entries of metadata',
    [
      {
        value: encode({ metadata: Object.fromEntries(many(830_000, (n) => [threeBytes(n), ''])) }),
      },
    ],
    { failed: 1 },
  ],
  [
    'one tombstone with 500,000 headers',
    [{ headers: many(500_000, () => ({ '': null })) }],
    { failed: 1 },
  ],
  [
    '100 tombstones with 5,000 headers each',
    many(100, () => ({ headers: many(5_000, () => ({ h: [1] })) })),
    { rejected: { tombstone: 100 } },
  ],
  [
    '1,000 partitions with ten events each',
    many(maxRecords, (n) => ({ partition: n % 1_000, value: event(n, 140) })),
    { written: maxRecords },
  ],
  [
    '10,000 values that are no event',
    many(maxRecords, () => ({ value: Buffer.alloc(345, 0xff) })),
    { rejected: { undecodable: maxRecords } },
  ],
  [
    '10,000 events of one row',
    many(maxRecords, () => ({ value: event(0, 140) })),
    { written: 1, superseded: maxRecords - 1 },
  ],
  ['10,000 tombstones', many(maxRecords, () => ({})), { rejected: { tombstone: maxRecords } }],
] as const)
  test(`${what} are handled within ${memory} MB`, async (t) => {
    const text = eventOf(`largest-${randomBytes(4).toString('hex')}`, items);
    ok(Buffer.byteLength(text) <= maxEventBytes, `${Buffer.byteLength(text)} bytes`);
    const { line, response, peakMiB } = await invoke(text);
    t.diagnostic(
      `${(Buffer.byteLength(text) / 1e6).toFixed(1)} MB, ${peakMiB.toFixed(0)} MiB at most, ${line['durationMs']} ms`,
    );
    const { written, superseded, rejected, failed } = line;
    deepStrictEqual(
      { written, superseded, rejected, failed },
      { written: 0, superseded: 0, rejected: {}, failed: 0, ...outcomes },
    );
    deepStrictEqual(response.batchItemFailures.length, failed);
    ok(peakMiB < memory, `${peakMiB} MiB`);
  });
