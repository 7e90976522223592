import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { cassandraStores } from '../../functions/ingest/cassandra/cassandra-stores.ts';
import { statements } from '../../functions/ingest/cassandra/connection/prepare.ts';
import { createSession } from '../../functions/ingest/cassandra/connection/session.ts';
import { insertUserEvent } from '../../functions/ingest/cassandra/rows/event-rows.ts';
import type { Outcome } from '../../functions/ingest/pipeline/outcome.ts';
import type { Environment } from '../../functions/ingest/settings/read-settings.ts';
import { readSettings } from '../../functions/ingest/settings/read-settings.ts';
import { type Keyspace, openKeyspace as openLocalKeyspace } from '../../local/keyspace.ts';
import { type CassandraServer, startCassandra } from '../../local/servers/cassandra.ts';
import { startSimulacron } from '../../local/servers/simulacron.ts';
import { createTables } from '../../schema/tables.ts';
import { layout } from '../support/events.ts';
import { ingestWith } from '../support/ingest-with.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { batch, eventRecords, record } from '../support/records.ts';
import { type SecretsManager, startSecretsManager } from '../support/secrets-manager.ts';
import { storesOptions } from '../support/stores-options.ts';
import { testServers } from '../support/test-environment.ts';

const day = 86_400;
const kinds = (outcomes: readonly Outcome[] = []) =>
  outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind));

/** Makes the function's environment on a keyspace: the real core, session and stores. */
const environmentOn = ({ config }: Pick<TestKeyspace, 'config'>) => {
  const session = createSession(config, {});
  const lines: object[] = [];
  const ingest = ingestWith(
    cassandraStores(session, config, layout, {
      ...storesOptions,
      warn: (line) => lines.push(line),
    }),
  );
  return {
    lines,
    session,
    /** Gives one batch; returns the outcome of each record, with the error of the first failed one. */
    async give(...records: Parameters<typeof batch>[0][number][]) {
      const [result] = await ingest([batch(records)]);
      const failed = result?.outcomes.find((outcome) => outcome.kind === 'failed');
      return { became: kinds(result?.outcomes), error: failed?.error };
    },
    [Symbol.asyncDispose]: () => session.close(),
  };
};
const open = async (settings: Partial<Environment> = {}) => {
  const keyspace = await openKeyspace(settings);
  return {
    ...keyspace,
    run: (statement: string) =>
      keyspace.client.execute(statement.replaceAll('$', keyspace.name), [], { prepare: false }),
    count: async (table: string) =>
      (await keyspace.rows(`SELECT * FROM ${keyspace.name}.${table}`)).length,
  };
};
const events = (count: number) =>
  eventRecords(Array.from({ length: count }, (_, n) => ({ event_time: 1_700_000_000_000 + n })));
const tombstones = (count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => record({ offset: first + n, value: null }));

test('a table whose TTL ends after 2038-01-19 has no event rejected: they wait, told the setting, and are written when it is lowered', async () => {
  await using keyspace = await open();
  await keyspace.run(`ALTER TABLE $.user_events WITH default_time_to_live = ${7_300 * day}`);
  await using environment = environmentOn(keyspace);
  const { became, error } = await environment.give(...events(50));
  deepStrictEqual(new Set(became), new Set(['failed']));
  strictEqual(error?.name, 'UnavailableError');
  match(
    error.message,
    /with default ttl of 630720000 seconds exceeds .*2038-01-19.*sink\.tables\.userEventsTtlDays.*ALTER TABLE \S+\.user_events/,
  );
  strictEqual(await keyspace.count('rejected_events'), 0);

  await keyspace.run(`ALTER TABLE $.user_events WITH default_time_to_live = ${365 * day}`);
  deepStrictEqual(new Set((await environment.give(...events(50))).became), new Set(['written']));
  strictEqual(await keyspace.count('user_events'), 50);
});

for (const batches of ['frames', 'driver'] as const)
  test(`REJECTED_TTL_DAYS=7300 keeps rejected records as long as the server is able to, with a warning, by ${batches}`, async () => {
    await using keyspace = await open({ REJECTED_TTL_DAYS: '7300', CASSANDRA_BATCHES: batches });
    await using environment = environmentOn(keyspace);
    const { became } = await environment.give(...tombstones(250), ...eventRecords([{}], 250));
    deepStrictEqual(became, [...Array(250).fill('tombstone'), 'written']);
    // The next batch knows the refusal, and does not meet it again.
    deepStrictEqual((await environment.give(...tombstones(1, 251))).became, ['tombstone']);
    strictEqual(environment.lines.length, 1);
    match(JSON.stringify(environment.lines), /kept for \d+ days instead of 7300 days.*2038-01-19/);

    const rows = await keyspace.rows(
      `SELECT TTL(reason) AS ttl FROM ${keyspace.name}.rejected_events`,
    );
    const left = 2 ** 31 - 2 - Date.now() / 1000;
    strictEqual(rows.length, 251);
    for (const row of rows) {
      ok(row['ttl'] <= left);
      ok(row['ttl'] > left - 2 * 3_600);
    }
  });

suite('a Cassandra 5.0 with other settings', () => {
  let server: CassandraServer;
  let secrets: SecretsManager;
  let keyspace: Keyspace;
  before(async () => {
    server = await startCassandra({
      password: true,
      extraYaml: {
        storage_compatibility_mode: 'NONE',
        collection_size_warn_threshold: '1KiB',
        collection_size_fail_threshold: '2KiB',
      },
    });
    secrets = await startSecretsManager({
      superuser: JSON.stringify(server.credentials),
      ordinary: JSON.stringify({ username: 'ordinary', password: 'ordinary' }),
    });
    Object.assign(process.env, {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    });
    const cassandra = {
      CASSANDRA_CONTACT_POINTS: server.contactPoints.join(','),
      CASSANDRA_LOCAL_DATACENTER: server.localDataCenter,
      CASSANDRA_TLS: 'off',
      CASSANDRA_AUTH: 'password',
      CASSANDRA_SECRET_ARN: 'superuser',
    };
    keyspace = await openLocalKeyspace(
      { ...testServers(), cassandra, externalCassandra: false },
      { REJECTED_TTL_DAYS: '7300' },
    );
    await run("CREATE ROLE ordinary WITH PASSWORD = 'ordinary' AND LOGIN = true");
  });
  after(async () => {
    await keyspace[Symbol.asyncDispose]();
    await secrets[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  const run = (statement: string) =>
    keyspace.client.execute(statement.replaceAll('$', keyspace.name), [], { prepare: false });

  test('keeps rows for 7,300 days in both tables, with storage_compatibility_mode NONE', async () => {
    await run(`ALTER TABLE $.user_events WITH default_time_to_live = ${7_300 * day}`);
    await using environment = environmentOn(keyspace);
    const { became } = await environment.give(...events(3), ...tombstones(1, 3));
    deepStrictEqual(became, ['written', 'written', 'written', 'tombstone']);
    deepStrictEqual(environment.lines, []);
    const found = await run('SELECT TTL(reason) AS ttl FROM $.rejected_events');
    ok(found.first()['ttl'] > 7_299 * day);
  });

  test('has an event rejected that its guardrail of collections refuses, also where it has accepted no other', async () => {
    // Guardrails hold for ordinary users only.
    const config = { ...keyspace.config, secretArn: 'ordinary' };
    await using environment = environmentOn({ config });
    const large = eventRecords([{ metadata: { large: 'x'.repeat(3_000) } }], 10);
    deepStrictEqual((await environment.give(...large)).became, ['refused']);
    const found = await run(
      "SELECT detail FROM $.rejected_events WHERE reason = 'refused' ALLOW FILTERING",
    );
    match(
      found.first()['detail'],
      /^the database refuses the row by its guardrail collection\w*_size$/,
    );
  });
});

const createTable = (name: string): string => {
  const all = createTables();
  const statement = all.find((one) => one.includes(`EXISTS ${name} (`)) ?? '';
  return statement.replace(/(?<=EXISTS )/, '$.');
};

for (const batches of ['frames', 'driver'] as const)
  for (const table of ['user_events', 'rejected_events', 'partition_watermarks'])
    test(`${table} that is dropped between two batches is named, by ${batches}, and rows go on when it is made again`, async () => {
      await using keyspace = await open({ CASSANDRA_BATCHES: batches });
      await using environment = environmentOn(keyspace);
      await environment.session.connect(statements(keyspace.config, layout));
      const records = [...events(20), ...tombstones(20, 20)];
      const all = [...Array(20).fill('written'), ...Array(20).fill('tombstone')];
      deepStrictEqual((await environment.give(...records)).became, all);

      await keyspace.run(`DROP TABLE $.${table}`);
      const { became, error } = await environment.give(...records);
      ok(became.includes('failed'));
      doesNotMatch(became.join(), /refused/);
      strictEqual(error?.name, 'UnavailableError');
      match(error.message, new RegExp(`table ${table} does not exist .*schema/tables\\.cql`));

      await keyspace.run(createTable(table));
      deepStrictEqual((await environment.give(...records)).became, all);
    });

test('a keyspace that is dropped between two batches is named', async () => {
  await using keyspace = await open();
  await using environment = environmentOn(keyspace);
  await environment.give(...events(2));
  await keyspace.run('DROP KEYSPACE $');
  try {
    const { became, error } = await environment.give(...events(2));
    deepStrictEqual(became, ['failed', 'failed']);
    match(error?.message ?? '', new RegExp(`keyspace ${keyspace.name} does not exist`));
  } finally {
    // The test drops it again at its end.
    await keyspace.run(
      "CREATE KEYSPACE $ WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': 1}",
    );
  }
});

test('a table that somebody gave a further key column has no event rejected: the column is named', async () => {
  await using keyspace = await open();
  await keyspace.run('DROP TABLE $.user_events');
  await keyspace.run(
    createTable('user_events')
      .replace('\n  PRIMARY KEY', '\n  tenant text,\n  PRIMARY KEY')
      .replace('event_type)', 'event_type, tenant)')
      .replace('event_type ASC)', 'event_type ASC, tenant ASC)'),
  );
  await using environment = environmentOn(keyspace);
  const { became, error } = await environment.give(...events(3));
  deepStrictEqual(became, ['failed', 'failed', 'failed']);
  match(error?.message ?? '', /Some clustering keys are missing: tenant/);
});

suite('words of a server that nobody here knows', async () => {
  const simulacron = await startSimulacron();
  after(() => simulacron[Symbol.asyncDispose]());
  const config = readSettings({
    CASSANDRA_CONTACT_POINTS: simulacron.contactPoints.join(','),
    CASSANDRA_LOCAL_DATACENTER: simulacron.localDataCenter,
    CASSANDRA_KEYSPACE: 'ks',
    CASSANDRA_TLS: 'off',
    CONSUMER_GROUP_ID: 'group',
  });
  const insert = insertUserEvent('ks', layout);
  const strange = { invalid: 'The moon of purchase 4711 is not full enough' };

  test('have every event wait, in those words without the row’s contents, while no row is accepted', async () => {
    await simulacron.answer(new Map([[insert, strange]]));
    await using environment = environmentOn({ config });
    const { became, error } = await environment.give(
      ...eventRecords([{ event_type: 'purchase' }, { event_type: 'purchase' }]),
    );
    deepStrictEqual(became, ['failed', 'failed']);
    strictEqual(error?.name, 'UnknownRefusalError');
    match(error.message, /0x2200: “The moon of … … is not full enough”$/);
  });

  test('have one event rejected where the table has accepted others before', async () => {
    await simulacron.answer(new Map([[insert, 'success']]));
    await using environment = environmentOn({ config });
    deepStrictEqual((await environment.give(...events(3))).became, Array(3).fill('written'));
    await simulacron.answer(new Map([[insert, strange]]));
    deepStrictEqual((await environment.give(...eventRecords([{}], 3))).became, ['refused']);
  });
});
