import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { handler, type TablesResponse } from '../../functions/migrate/handler.ts';
import { parseTable } from '../../schema/table-definition.ts';
import { type TableOptions as AllOptions, createTables } from '../../schema/tables.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { providerFramework } from '../support/provider-framework.ts';
import { testServers } from '../support/test-environment.ts';

type TableOptions = Partial<AllOptions>;

const standard: TableOptions = {};

const { cassandra } = testServers();
Object.assign(process.env, cassandra, { CASSANDRA_KEYSPACE: 'any', CONSUMER_GROUP_ID: 'any' });

const deploy = (
  Keyspace: string,
  options: TableOptions,
  RequestType: 'Create' | 'Update' | 'Delete' = 'Create',
  Replication: Record<string, string> = { [cassandra.CASSANDRA_LOCAL_DATACENTER]: '1' },
): Promise<TablesResponse> =>
  handler({
    RequestType,
    ResourceProperties: {
      Keyspace,
      Replication,
      Tables: createTables(options),
    },
  });

/** Opens a keyspace with the standard tables, and runs a test's own statements there. */
const openTables = async (...statements: string[]) => {
  const keyspace = await openKeyspace();
  for (const statement of statements)
    await keyspace.client.execute(statement.replaceAll('$', keyspace.name), [], { prepare: false });
  return keyspace;
};

/** Writes the columns of the standard user_events in CQL, some with other types. */
const columnsWith = (types: Readonly<Record<string, string>>): string => {
  const [statement = ''] = createTables(standard);
  return parseTable(statement)
    .columns.map(({ name, type }) => `${name} ${types[name] ?? type}`)
    .join(', ');
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
    deepStrictEqual(await deploy(keyspace, options), {
      PhysicalResourceId: `tables-of-${keyspace}`,
      Data: { Created: 'user_events, partition_watermarks, rejected_events, operations' },
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
    'operations',
    'partition_watermarks',
    'rejected_events',
  ]);
});

test('another type, another key, another order and another TTL are told together', async () => {
  await using keyspace = await openTables(
    'DROP TABLE $.user_events',
    `CREATE TABLE $.user_events (${columnsWith({ user_id: 'text' })}, PRIMARY KEY ((user_id), event_time, event_type, bucket_date))`,
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

const day = 86_400;
/** Gives the message of a deploy that fails. */
const failureOf = async (deployed: Promise<TablesResponse>): Promise<string> => {
  let message = '';
  await rejects(deployed, (error: Error) => {
    message = error.message;
    return true;
  });
  return message;
};
const tablesIn = async ({ rows }: TestKeyspace, name: string): Promise<string[]> => {
  const found = await rows(
    `SELECT table_name FROM system_schema.tables WHERE keyspace_name = '${name}'`,
  );
  return found.map((row) => row['table_name']).sort();
};
/** Names a keyspace that a deploy creates; it is dropped when the test ends. */
const newKeyspace = (opened: TestKeyspace) => {
  const name = `user_events_${randomBytes(4).toString('hex')}`;
  return {
    name,
    async [Symbol.asyncDispose]() {
      await opened.client.execute(`DROP KEYSPACE IF EXISTS ${name}`, [], { prepare: false });
    },
  };
};

test('a TTL that ends after 2038-01-19 is tried on the server, and fails the deploy before its table is made', async () => {
  await using opened = await openKeyspace();
  await using keyspace = newKeyspace(opened);
  const late = { ...standard, userEventsTtlSeconds: 7_300 * day, rejectedTtlSeconds: 7_300 * day };
  const message = await failureOf(deploy(keyspace.name, late));
  match(
    message,
    /user_events is to keep rows for 7300 days, until 20\d\d-\d\d-\d\d, .*2038-01-19T03:14:06.*lower sink\.tables\.userEventsTtlDays well below \d+ /,
  );
  match(
    message,
    /rejected_events is to keep rows for 7300 days.*lower environment\.REJECTED_TTL_DAYS/,
  );
  deepStrictEqual(await tablesIn(opened, keyspace.name), ['operations', 'partition_watermarks']);
  // The next deploy creates the missing table.
  const { Data } = await deploy(keyspace.name, { ...standard, userEventsTtlSeconds: 3_000 * day });
  deepStrictEqual(Data, { Created: 'user_events, rejected_events' });
  deepStrictEqual(await opened.rows(`SELECT * FROM ${keyspace.name}.partition_watermarks`), []);
});

test('tables that are there with a TTL that ends after 2038-01-19 fail the deploy too, and rows of others are left alone', async () => {
  await using keyspace = await openTables(
    `ALTER TABLE $.rejected_events WITH default_time_to_live = ${7_300 * day}`,
    "INSERT INTO $.partition_watermarks (consumer_group, topic, partition) VALUES ('g', 't', 0)",
  );
  match(
    await failureOf(deploy(keyspace.name, { ...standard, rejectedTtlSeconds: 7_300 * day })),
    /lower environment\.REJECTED_TTL_DAYS/,
  );
  const rows = await keyspace.rows(`SELECT * FROM ${keyspace.name}.partition_watermarks`);
  deepStrictEqual(rows.length, 1);
});

test('another replication than the keyspace has fails the deploy, with the statement and the repair, and changes nothing', async () => {
  await using keyspace = await openTables('DROP TABLE $.user_events');
  const dataCenter = cassandra.CASSANDRA_LOCAL_DATACENTER;
  const message = await failureOf(deploy(keyspace.name, standard, 'Create', { [dataCenter]: '3' }));
  match(
    message,
    new RegExp(
      `keyspace ${keyspace.name} has the replication .*"${dataCenter}":"1".* ALTER KEYSPACE ${keyspace.name} WITH replication = ` +
        `\\{'class': 'NetworkTopologyStrategy', '${dataCenter}': 3\\}, then nodetool repair --full ${keyspace.name}`,
    ),
  );
  deepStrictEqual(await tablesIn(keyspace, keyspace.name), [
    'operations',
    'partition_watermarks',
    'rejected_events',
  ]);
  // The server accepts the statement in the message, and the deploy succeeds after it.
  const [, statement = ''] = /(ALTER KEYSPACE .*?\})/.exec(message) ?? [];
  await keyspace.client.execute(statement, [], { prepare: false });
  deepStrictEqual((await deploy(keyspace.name, standard, 'Create', { [dataCenter]: '3' })).Data, {
    Created: 'user_events',
  });
});

for (const [what, made] of [
  ['a keyspace that is there', true],
  ['a keyspace that is to be made', false],
] as const)
  test(`a data centre that the cluster does not have fails the deploy of ${what}, with those that it has`, async () => {
    await using opened = await openKeyspace();
    await using keyspace = newKeyspace(opened);
    const dataCenter = cassandra.CASSANDRA_LOCAL_DATACENTER;
    const replication = { [dataCenter]: '1', dc2: '3' };
    match(
      await failureOf(deploy(made ? opened.name : keyspace.name, standard, 'Create', replication)),
      new RegExp(
        `sink\\.tables\\.replication names dc2, and the cluster’s data centres are ${dataCenter}:`,
      ),
    );
    deepStrictEqual(await tablesIn(opened, keyspace.name), []);
  });

test('another strategy than NetworkTopologyStrategy is another replication', async () => {
  await using opened = await openKeyspace();
  await using keyspace = newKeyspace(opened);
  await opened.client.execute(
    `CREATE KEYSPACE ${keyspace.name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    [],
    { prepare: false },
  );
  match(await failureOf(deploy(keyspace.name, standard)), /SimpleStrategy.* ALTER KEYSPACE/);
});

/** Sends one request of CloudFormation through CDK's framework. */
const framework = providerFramework(handler);
const request = (RequestType: 'Create' | 'Update' | 'Delete', properties: object, more = {}) =>
  framework({ RequestType, ResourceProperties: properties, ...more });

test('tables of other people in a keyspace fail the deploy with an answer that CloudFormation takes', async () => {
  const long = (name: string) => `${name}_${'x'.repeat(40)}`;
  const columns = Array.from({ length: 12 }, (_, n) => `${long(`column_${n}`)} text`).join(', ');
  const names = ['user_events', 'partition_watermarks', 'rejected_events'];
  await using keyspace = await openTables(
    ...names.map((name) => `DROP TABLE $.${name}`),
    ...names.map((name) => `CREATE TABLE $.${name} (${long('id')} text PRIMARY KEY, ${columns})`),
  );
  const properties = { Keyspace: keyspace.name, Tables: createTables(standard) };
  const { Status, Reason, bytes } = await request('Create', properties);
  strictEqual(Status, 'FAILED');
  ok(bytes <= 4_096, `${bytes} bytes`);
  match(Reason, /user_events has no column user_id uuid: ALTER TABLE/);
  match(Reason, /… and \d+ more lines, in /);
  doesNotMatch(Reason, /[\s\S]*are not what they must be[\s\S]*are not what they must be/);
});

test('a rollback never fails: neither its Delete, nor an Update to what the tables were before somebody altered them', async () => {
  await using keyspace = await openTables(
    `ALTER TABLE $.user_events WITH default_time_to_live = ${30 * day}`,
  );
  const before = { Keyspace: keyspace.name, Tables: createTables(standard) };
  const after = {
    Keyspace: keyspace.name,
    Tables: createTables({ ...standard, userEventsTtlSeconds: 30 * day }),
  };
  const PhysicalResourceId = `tables-of-${keyspace.name}`;
  strictEqual((await request('Create', after)).Status, 'SUCCESS');
  strictEqual((await request('Delete', after, { PhysicalResourceId })).Status, 'SUCCESS');
  const update = { PhysicalResourceId, OldResourceProperties: after };
  const { Status, Data, bytes } = await request('Update', before, update);
  strictEqual(Status, 'SUCCESS');
  match(Data?.['Warning'] ?? '', /user_events has default_time_to_live 2592000 and must have 0/);
  ok(bytes <= 4_096);
});

test('a Delete succeeds where the function has no settings and reaches no database, under whatever name the resource has', async () => {
  const settings = process.env['CASSANDRA_CONTACT_POINTS'];
  delete process.env['CASSANDRA_CONTACT_POINTS'];
  try {
    const properties = { Keyspace: 'any', Tables: ['no statement'] };
    const PhysicalResourceId = 'made-by-another-version';
    strictEqual((await request('Delete', properties, { PhysicalResourceId })).Status, 'SUCCESS');
    strictEqual((await request('Update', properties, { PhysicalResourceId })).Status, 'SUCCESS');
    strictEqual((await request('Create', properties)).Status, 'FAILED');
  } finally {
    process.env['CASSANDRA_CONTACT_POINTS'] = settings;
  }
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
