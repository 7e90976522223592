import { deepStrictEqual, rejects } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { handler, type TablesResponse } from '../../functions/migrate/handler.ts';
import { createTables, type TableOptions } from '../../schema/tables.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { testServers } from '../support/test-environment.ts';

const standard: TableOptions = {
  bucket: 'day',
  eventIdInKey: false,
  rejectedTtlSeconds: 2_592_000,
};

const { cassandra } = testServers();
Object.assign(process.env, cassandra, { CASSANDRA_KEYSPACE: 'any', CONSUMER_GROUP_ID: 'any' });

const deploy = (
  Keyspace: string,
  options: TableOptions,
  RequestType: 'Create' | 'Update' | 'Delete' = 'Update',
): Promise<TablesResponse> =>
  handler({
    RequestType,
    ResourceProperties: {
      Keyspace,
      Replication: { [cassandra.CASSANDRA_LOCAL_DATACENTER]: '1' },
      Tables: createTables(options),
    },
  });

/** A keyspace with the standard tables, in which a test breaks something. */
const openTables = async (...statements: string[]) => {
  const keyspace = await openKeyspace();
  for (const statement of statements)
    await keyspace.client.execute(statement.replaceAll('$', keyspace.name), [], { prepare: false });
  return keyspace;
};
const differencesOf = async (keyspace: string, options = standard): Promise<readonly string[]> => {
  let differences: readonly string[] = [];
  await rejects(deploy(keyspace, options), (error: Error & { differences?: readonly string[] }) => {
    differences = error.differences ?? [error.message];
    return error.name === 'TablesDifferError';
  });
  return differences.map((one) => one.replaceAll(`${keyspace}.`, ''));
};

for (const [title, options] of Object.entries<TableOptions>({
  'the standard ones': standard,
  'hourly, with event_id in the key, kept for a year': {
    bucket: 'hour',
    eventIdInKey: true,
    rejectedTtlSeconds: 0,
    userEventsTtlSeconds: 31_536_000,
  },
}))
  test(`the first deploy makes keyspace and tables, and the next finds them right: ${title}`, async () => {
    await using opened = await openKeyspace();
    const keyspace = `user_events_${randomBytes(4).toString('hex')}`;
    await using _ = {
      async [Symbol.asyncDispose]() {
        await opened.client.execute(`DROP KEYSPACE ${keyspace}`, [], { prepare: false });
      },
    };
    deepStrictEqual(await deploy(keyspace, options, 'Create'), {
      PhysicalResourceId: `tables-of-${keyspace}`,
      Data: { Created: 'user_events, partition_watermarks, rejected_events' },
    });
    deepStrictEqual((await deploy(keyspace, options)).Data, { Created: '' });
  });

test('a table that is missing is made, beside rows that stay', async () => {
  await using keyspace = await openTables(
    "INSERT INTO $.partition_watermarks (consumer_group, topic, partition) VALUES ('g', 't', 0)",
    'DROP TABLE $.user_events',
  );
  deepStrictEqual((await deploy(keyspace.name, standard)).Data, { Created: 'user_events' });
  const rows = await keyspace.rows(`SELECT topic FROM ${keyspace.name}.partition_watermarks`);
  deepStrictEqual(rows.length, 1);
});

test('a column that is missing fails the deploy, with the statement that would add it, and nothing is made', async () => {
  await using keyspace = await openTables(
    'ALTER TABLE $.rejected_events DROP headers',
    'DROP TABLE $.user_events',
  );
  deepStrictEqual(await differencesOf(keyspace.name), [
    'rejected_events has no column headers frozen<list<frozen<tuple<text, blob>>>>: ' +
      'ALTER TABLE rejected_events ADD "headers" frozen<list<frozen<tuple<text, blob>>>>',
  ]);
  const tables = await keyspace.rows(
    `SELECT table_name FROM system_schema.tables WHERE keyspace_name = '${keyspace.name}'`,
  );
  deepStrictEqual(tables.map((row) => row['table_name']).sort(), [
    'partition_watermarks',
    'rejected_events',
  ]);
});

test('another type, another key, another order and another TTL are told together', async () => {
  await using keyspace = await openTables(
    'DROP TABLE $.user_events',
    'CREATE TABLE $.user_events (user_id text, bucket_date date, event_time timestamp, event_type text, ' +
      'event_id uuid, metadata map<text, text>, PRIMARY KEY ((user_id), event_time, event_type, bucket_date))',
    'ALTER TABLE $.rejected_events WITH default_time_to_live = 60',
  );
  deepStrictEqual(await differencesOf(keyspace.name), [
    'user_events.user_id is text and must be uuid: the type of a column cannot be changed',
    'user_events has the key ((user_id), event_time ASC, event_type ASC, bucket_date ASC) and must have ' +
      '((user_id, bucket_date), event_time DESC, event_type ASC): use another keyspace, or copy the table',
    'rejected_events has default_time_to_live 60 and must have 2592000: ' +
      'ALTER TABLE rejected_events WITH default_time_to_live = 2592000',
  ]);
});

test('hourly buckets on tables of days fail the deploy', async () => {
  await using keyspace = await openTables();
  const differences = await differencesOf(keyspace.name, { ...standard, bucket: 'hour' });
  deepStrictEqual(differences.length, 2);
});

test('a further column is none of its business', async () => {
  await using keyspace = await openTables('ALTER TABLE $.user_events ADD note text');
  deepStrictEqual((await deploy(keyspace.name, standard)).Data, { Created: '' });
});

test('when the stack goes, the tables stay', async () => {
  await using keyspace = await openTables();
  deepStrictEqual(await deploy(keyspace.name, standard, 'Delete'), {
    PhysicalResourceId: `tables-of-${keyspace.name}`,
  });
  deepStrictEqual(await keyspace.rows(`SELECT * FROM ${keyspace.name}.user_events`), []);
});

test('a keyspace that is not there and may not be made fails the deploy with what the server says', async () => {
  await rejects(
    handler({
      RequestType: 'Create',
      ResourceProperties: { Keyspace: 'nowhere', Tables: createTables(standard) },
    }),
    /making table nowhere\.user_events failed: .*nowhere/,
  );
});
