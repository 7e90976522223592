import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Finding, openFindings } from '../../cli/verify/findings-file.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { openPipeline } from '../support/pipeline.ts';
import { runCommand } from '../support/running-command.ts';
import { testServers } from '../support/test-environment.ts';
import { verify } from '../support/verify.ts';

const { bootstrapServers, cassandra } = testServers();

/** The records of the test: `VERIFY_RECORDS=100000` takes minutes. */
const records = Number(process.env['VERIFY_RECORDS'] ?? 4_000);
const kills = 2;

/** Tells how many records had been read at the last state of a findings file. */
const readSoFar = async (file: string): Promise<number> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  const states = text.split('\n').filter((line) => line.startsWith('{"type":"state"'));
  // The last line may be half written.
  const whole = text.endsWith('\n') ? states : states.slice(0, -1);
  return JSON.parse(whole.at(-1) ?? '{}').counts?.read ?? 0;
};

test('a verification that is killed goes on from its file, and ends as one that ran through', async () => {
  // The generated records are of another season: their rejected rows would be past their time to live.
  await using pipeline = await openPipeline(records, 23, { REJECTED_TTL_DAYS: '0' });
  await using mapping = await pipeline.startMapping({});
  await mapping.drained(pipeline.ends);
  const { keyspace, topic } = pipeline;
  for (const partition of [0, 1, 2])
    await keyspace.client.execute(
      `DELETE FROM ${keyspace.name}.rejected_events WHERE topic = ? AND rejected_date = '2026-03-10' AND partition = ?`,
      [topic, partition],
      { prepare: true },
    );
  const through = await verify(keyspace, topic);
  ok(through.found.length > 10);

  await using folder = await temporaryFolder('verify');
  const file = join(folder.path, 'found.jsonl');
  const environment = {
    ...cassandra,
    ...keyspace.environment,
    KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(','),
  };
  let args = ['--topic', topic, '--out', file];
  for (let kill = 1; kill <= kills; kill += 1) {
    await using command = await runCommand(
      ['cli/user-events.ts', 'verify', ...args, '--rate', `${Math.ceil(records / 12)}`, '--json'],
      environment,
    );
    await command.until(async () => (await readSoFar(file)) > (records * kill) / (kills + 2));
    command.signal('SIGKILL');
    await command.ended();
    args = ['--resume', file];
  }
  ok((await readSoFar(file)) < records, 'nothing was left to be done');
  const resumed = await verify(keyspace, topic, '--resume', file);
  strictEqual(resumed.exitCode, 1);
  deepStrictEqual(resumed.counts, through.counts);
  const { all, finished } = await openFindings(file);
  ok(finished);
  const byPlace = (one: Finding, other: Finding) =>
    one.partition - other.partition || one.offset - other.offset;
  deepStrictEqual(
    (await Array.fromAsync(all())).toSorted(byPlace),
    through.findings.toSorted(byPlace),
  );
  deepStrictEqual(
    resumed.summary.causes.map(({ count }: { count: number }) => count),
    through.summary.causes.map(({ count }: { count: number }) => count),
  );
  await rejects(verify(keyspace, topic, '--resume', file), /has come to its end/);
});
