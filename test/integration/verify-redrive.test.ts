import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import { openDestination } from 'local-kafka-trigger';
import { createRandom, type Random } from '../../local/dataset/random.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { operate } from '../support/operate.ts';
import { openPipeline } from '../support/pipeline.ts';
import { testServers } from '../support/test-environment.ts';
import { verify } from '../support/verify.ts';

const { bootstrapServers } = testServers();

/** The seeds of the histories: `HISTORIES=30` takes minutes. */
const seeds = Array.from(
  { length: Number(process.env['HISTORIES'] ?? 3) },
  (_, index) => index + 1,
);

type Pipeline = Awaited<ReturnType<typeof openPipeline>>;

type Fault = 'none' | 'lost' | 'given up';

/** Chooses what goes wrong with an invocation. Each history has both faults, early, so that checkpoints come to stand behind them. */
const faultOf = (invocation: number, random: Random): Fault => {
  const early = (['none', 'lost', 'given up'] as const)[invocation - 1];
  return early ?? (random.chance(500) ? 'lost' : random.chance(1_000) ? 'given up' : 'none');
};

/** Lets the function handle the topic, but for batches that are lost as if they were handled, and batches that fail and are given up. */
const ingestWithFaults = async (
  pipeline: Pipeline,
  random: Random,
  onFailureFolder: string,
): Promise<{ readonly lost: number }> => {
  let [invocations, lost] = [0, 0];
  await using mapping = await pipeline.startMapping({
    retryAttempts: 0,
    onFailure: await openDestination(onFailureFolder),
    invoke: async (eventJson) => {
      invocations += 1;
      switch (faultOf(invocations, random)) {
        case 'lost':
          lost += 1;
          return { kind: 'response', payload: '{"batchItemFailures":[]}' };
        case 'given up':
          return { kind: 'error', errorType: 'E', errorMessage: 'none', cause: 'function' };
        case 'none':
          return pipeline.ingest.invoke(eventJson);
      }
    },
  });
  await mapping.drained(pipeline.ends);
  return { lost };
};

/** Deletes about one row in ten of user_events and of rejected_events, and changes as many of user_events. */
const spoilRows = async ({ keyspace }: Pipeline, random: Random): Promise<number> => {
  const { client, name, stream } = keyspace;
  let spoiled = 0;
  const execute = async (statement: string, values: readonly unknown[]): Promise<void> => {
    await client.execute(statement, [...values], { prepare: true });
    spoiled += 1;
  };
  const where = 'WHERE user_id = ? AND bucket_date = ? AND event_time = ? AND event_type = ?';
  for await (const row of stream(
    `SELECT user_id, bucket_date, event_time, event_type FROM ${name}.user_events`,
  )) {
    const key = [row['user_id'], row['bucket_date'], row['event_time'], row['event_type']];
    const one = random.between(1, 10);
    if (one === 1) await execute(`DELETE FROM ${name}.user_events ${where}`, key);
    if (one === 2)
      await execute(`UPDATE ${name}.user_events SET event_id = ? ${where}`, [
        types.Uuid.random(),
        ...key,
      ]);
  }
  for await (const row of stream(
    `SELECT topic, rejected_date, partition, "offset" FROM ${name}.rejected_events`,
  ))
    if (random.chance(1_000))
      await execute(
        `DELETE FROM ${name}.rejected_events WHERE topic = ? AND rejected_date = ? AND partition = ? AND "offset" = ?`,
        [row['topic'], row['rejected_date'], row['partition'], row['offset']],
      );
  return spoiled;
};

for (const seed of seeds)
  test(`after batches are lost or given up and rows deleted or changed, redrive mends what verify finds, and verify finds nothing any more: history ${seed}`, async () => {
    const random = createRandom(seed);
    await using folder = await temporaryFolder('verify-redrive');
    const onFailureFolder = join(folder.path, 'on-failure');
    await using pipeline = await openPipeline(2_000, seed, { REJECTED_TTL_DAYS: '0' });
    const { lost } = await ingestWithFaults(pipeline, random, onFailureFolder);
    ok(lost > 0);
    ok((await readdir(onFailureFolder)).length > 0);
    ok((await spoilRows(pipeline, random)) > 100);

    const { keyspace, topic } = pipeline;
    const file = join(folder.path, 'findings.jsonl');
    const found = await verify(keyspace, topic, '--out', file, '--on-failure', onFailureFolder);
    strictEqual(found.exitCode, 1);
    for (const kind of ['missing', 'different'])
      ok((found.counts[kind] ?? 0) > 0, `none is ${kind}`);

    const redrive = async (...source: readonly string[]): Promise<void> => {
      const { exitCode, told } = await operate(
        ['redrive', ...source, '--to', 'tables', '--overwrite', '--yes', '--json'],
        { environment: keyspace.environment, topic, bootstrapServers },
      );
      strictEqual(exitCode, 0, told.join('\n'));
    };
    // The failed batches are among the findings; whether they are redriven before makes no difference.
    if (seed % 2 === 0) await redrive('--from-failed', onFailureFolder);
    await redrive('--from-file', file);

    for (const words of [['--again', file], []]) {
      const { exitCode, counts, found: left } = await verify(keyspace, topic, ...words);
      deepStrictEqual(
        [exitCode, counts['missing'], counts['different'], counts['kept']],
        [0, undefined, undefined, undefined],
        left.join('\n'),
      );
    }
  });
