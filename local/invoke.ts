import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { createHandler } from '../functions/ingest/create-handler.ts';
import { at } from '../functions/ingest/pipeline/kafka-record.ts';
import type { Outcome, PartitionResult } from '../functions/ingest/pipeline/outcome.ts';
import { openKeyspace } from './keyspace.ts';
import { main } from './main.ts';
import { openServers } from './open-servers.ts';
import { wholeNumber } from './options.ts';
import { print, table } from './print.ts';
import { settingsGiven } from './settings-given.ts';
import { tableRows } from './table-rows.ts';
import { UserFacingError } from './user-facing-error.ts';

const command = new Command('npm run invoke --')
  .description(
    'Runs one saved Kafka event through the real handler against a Cassandra that is started for it (or the one that\n' +
      'CASSANDRA_CONTACT_POINTS names): prints the response, what became of every record, and the rows.',
  )
  .argument(
    '<file>',
    'a Kafka event as Lambda sends it, JSON; events/README.md lists those saved here',
  )
  .option('--times <n>', 'how often to deliver it, as after a lost commit', wholeNumber(1, 100), 1)
  .parse();
const [file = ''] = command.args;
const { times } = command.opts<{ times: number }>();

const readEvent = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw new UserFacingError(
      `${path} cannot be read (${error.code}). events/README.md lists the saved events.`,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserFacingError(`${path} is not JSON: ${(error as Error).message}`);
  }
};

const becameOf = (outcome: Outcome): [string, string] => {
  switch (outcome.kind) {
    case 'written':
      return [
        'written',
        outcome.future ? 'its time is in the future: it does not move the maximum' : '',
      ];
    case 'superseded':
      return ['superseded', `its row is that of offset ${outcome.by}`];
    case 'rejected':
      return [`rejected: ${outcome.reason}`, outcome.detail];
    case 'dropped':
      return ['dropped: late', 'late events are not kept (LATE_EVENTS=drop)'];
    case 'failed':
      return ['failed', outcome.error.message];
  }
};

const printOutcomes = (results: readonly PartitionResult[]): void => {
  const rows = results.flatMap(({ batch, outcomes }) =>
    batch.records.map((record, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [at(record), '', ''] : [at(record), ...becameOf(outcome)];
    }),
  );
  print(table(['record', 'became', 'why'], rows));
};

await main(async (signal) => {
  const event = await readEvent(file);
  await using servers = await openServers({ kafka: false, onStep: print, signal });
  await using keyspace = await openKeyspace(servers, settingsGiven());
  const { close, handler } = createHandler(
    { ...process.env, ...keyspace.environment },
    { onResults: printOutcomes },
  );
  try {
    for (let time = 1; time <= times; time += 1) {
      const context = { getRemainingTimeInMillis: () => 60_000 };
      const response = await handler(event, context as Parameters<typeof handler>[1]);
      print(`Response: ${JSON.stringify(response)}\n`);
    }
    print(await tableRows(keyspace));
  } finally {
    await close();
  }
  return 0;
});
