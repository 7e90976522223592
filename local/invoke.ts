import { styleText } from 'node:util';
import { settingsGiven, settingsWithoutDatabase } from '../cli/target/settings-given.ts';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { columns, print, printJson, printStep, table, wrap } from '../cli/terminal/print.ts';
import { printable } from '../cli/terminal/printable.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { count } from '../cli/terminal/words.ts';
import { createHandler } from '../functions/ingest/create-handler.ts';
import { toPartitionBatches } from '../functions/ingest/kafka/to-partition-batches.ts';
import { NotAKafkaEventError } from '../functions/ingest/pipeline/errors.ts';
import { at } from '../functions/ingest/pipeline/kafka-record.ts';
import type { Outcome, PartitionResult } from '../functions/ingest/pipeline/outcome.ts';
import { openKeyspace } from './keyspace.ts';
import { withLogLines } from './log-lines.ts';
import { openServers } from './open-servers.ts';
import { readSavedFile } from './read-event.ts';
import { drawTables, readTables } from './table-rows.ts';

interface InvokeOptions {
  readonly times: number;
  readonly log: boolean;
  readonly json: boolean;
}

const command = scriptCommand({
  name: 'invoke',
  does:
    'Runs one saved Kafka event through the real handler against a Cassandra that is started for it (or the one that ' +
    'CASSANDRA_CONTACT_POINTS names, in a keyspace of its own): prints the response, what became of every record, and the rows. ' +
    'The function’s own settings count: LATENESS_RULE, WIRE_FORMAT, …',
  takes: 'about 15 seconds, most of them to start Cassandra',
})
  .argument(
    '<file>',
    'a Kafka event as Lambda sends it, or as the on-failure bucket keeps it; events/README.md lists those saved here',
  )
  .option('--times <n>', 'how often to deliver it, as after a lost commit', wholeNumber(1, 100), 1)
  .option('--log', 'also print the lines of the function’s log', false)
  .option('--json', 'print the result as JSON', false)
  .parse();
const [file = ''] = command.args;
const { times, log, json } = command.opts<InvokeOptions>();

/** Reads the event of a file. @throws {UserFacingError} if the file holds none that the function would take. */
const readEvent = async (path: string): Promise<unknown> => {
  const saved = await readSavedFile(path);
  if (saved.kind === 'value')
    throw new UserFacingError(
      `${path} is not a Kafka event. events/README.md lists the saved events; npm run inspect -- ${path} tells what the file is.`,
    );
  try {
    toPartitionBatches(saved.event);
  } catch (error) {
    if (error instanceof NotAKafkaEventError)
      throw new UserFacingError(`${path}: ${error.message}`);
    throw error;
  }
  return saved.event;
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

const colours = {
  written: 'green',
  superseded: 'yellow',
  rejected: 'yellow',
  dropped: 'yellow',
  failed: 'red',
} as const;

/** The results of records, as they are printed. */
const recordsOf = (results: readonly PartitionResult[]) =>
  results.flatMap(({ batch, outcomes }) =>
    batch.records.flatMap((record, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) return [];
      const [became, why] = becameOf(outcome);
      return [{ kind: outcome.kind, record: at(record), became, why: printable(why) }];
    }),
  );

await main(async (signal) => {
  const event = await readEvent(file);
  settingsWithoutDatabase();
  // The dimension of the metrics in the log; a deployed function has its stack's name there.
  process.env['POWERTOOLS_SERVICE_NAME'] ??= 'user-events-invoke';
  await using servers = await openServers({ kafka: false, onStep: printStep, signal });
  await using keyspace = await openKeyspace(servers, settingsGiven());
  const named = process.env['CASSANDRA_KEYSPACE'];
  if (named !== undefined)
    printStep(
      wrap(
        `CASSANDRA_KEYSPACE=${named} is not used: the event is written into a keyspace of its own, ${keyspace.name}` +
          `${servers.externalCassandra ? ', which is dropped at the end' : ''}.`,
        columns(),
      ),
    );
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    if (log) printStep(line);
  };
  let results: readonly PartitionResult[] = [];
  const { close, handler } = await withLogLines(onLine, async () =>
    createHandler(
      { ...process.env, ...keyspace.environment },
      {
        onResults: (all) => {
          results = all;
        },
      },
    ),
  );
  const deliveries = [];
  try {
    for (let time = 1; time <= times; time += 1) {
      signal.throwIfAborted();
      const context = { getRemainingTimeInMillis: () => 60_000 };
      const response = await withLogLines(onLine, () =>
        handler(event, context as Parameters<typeof handler>[1]),
      );
      const records = recordsOf(results);
      deliveries.push({ response, records });
      if (json) continue;
      if (times > 1) print(`Delivery ${time} of ${times}:`);
      print(
        table(
          ['record', 'became', 'why'],
          records.map(({ kind, record, became, why }) => [
            record,
            styleText(colours[kind], became),
            why,
          ]),
        ),
      );
      print(`\n${wrap(`Response: ${JSON.stringify(response)}`, columns(), true)}\n`);
    }
    const tables = await readTables(keyspace);
    if (json)
      printJson({
        deliveries,
        tables: Object.fromEntries(
          tables.map(({ table: name, columns: names, rows }) => [
            name,
            rows.map((row) => Object.fromEntries(names.map((column, at) => [column, row[at]]))),
          ]),
        ),
        log: lines.map((line) => JSON.parse(line)),
      });
    else {
      print(drawTables(tables));
      if (!log) print(`\n${count(lines.length, 'line')} of the function’s log: --log shows them.`);
    }
  } finally {
    await close();
  }
  const failed = deliveries.some(({ records }) => records.some(({ kind }) => kind === 'failed'));
  return failed ? 1 : 0;
});
