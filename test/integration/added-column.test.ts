import { deepStrictEqual, match, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { PartitionResult } from '../../functions/ingest/pipeline/outcome.ts';
import published from '../../schema/user-event.avsc.json' with { type: 'json' };
import { addedField, addedName } from '../support/added-field.ts';
import { encode, fields } from '../support/avro.ts';
import { addColumn, addField, copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { testServers } from '../support/test-environment.ts';
import { confluent, encodeBy } from '../support/writers.ts';

// A field and its column are added to a copy of the project, in its two schema files alone. Events of earlier and later producers go
// through the copy's own function into a real Cassandra, and are compared with the copy's own expected tables.

const evolved = { ...published, fields: [...published.fields, addedField] };
const ids = { published: 7, evolved: 8 };
const t0 = Date.UTC(2026, 2, 10, 12);

/** Makes an event of a producer that does not know the field yet. */
const before = (index: number): Buffer => encode({ event_time: t0 + index });
const behind = (index: number, value: string | null): Buffer =>
  encodeBy(evolved, { ...fields({ event_time: t0 + index }), [addedName]: value });

const addBoth = async (copy: ProjectCopy): Promise<void> => {
  await addField(copy, addedField);
  await addColumn(copy, addedName, 'text');
};

/** Lists the earlier schema, by an id of a registry and as an older layout of bare values. */
const listBefore = (copy: ProjectCopy): Promise<void> =>
  copy.change('schema/writer-schemas.json', (text) => {
    const { bare = [], ...byId } = JSON.parse(text);
    const listed = { [ids.published]: published, [ids.evolved]: evolved };
    return JSON.stringify({ ...byId, ...listed, bare: [published, ...bare] });
  });

const standard = { BUCKET: 'day', EVENT_ID_IN_KEY: 'off' };

let newest: readonly PartitionResult[] = [];

/** Opens the function, the tables and the expected tables of a copy. */
const openWorld = async (
  changes: readonly ((copy: ProjectCopy) => Promise<void>)[],
  settings: Readonly<Record<string, string>> = standard,
) => {
  await using opened = new AsyncDisposableStack();
  const copy = opened.use(await copyProject());
  for (const change of changes) await change(copy);
  const load = <Module>(path: string): Promise<Module> => copy.load(path);
  const { openKeyspace } =
    await load<typeof import('../../local/keyspace.ts')>('local/keyspace.ts');
  const { createExpectedTables } = await load<
    typeof import('../../local/dataset/expected-tables.ts')
  >('local/dataset/expected-tables.ts');
  const { compare } = await load<typeof import('../../local/dataset/comparison.ts')>(
    'local/dataset/comparison.ts',
  );
  const { rowsOf } =
    await load<typeof import('../../cli/verify/rules/row.ts')>('cli/verify/rules/row.ts');
  const keyspace = opened.use(await openKeyspace(testServers(), settings));
  const { name, config, environment } = keyspace;
  const expectedTables = createExpectedTables(1, { rows: rowsOf(config) });
  const topic = 'evolved';
  const statement = (query: string) =>
    keyspace.client.execute(query.replaceAll('$', name), [], { prepare: false });
  let offset = 0;

  /** Gives the function the next records of the topic; returns the outcome of each. */
  const deliver = async (values: readonly Buffer[]): Promise<string[]> => {
    const { handler } = await start();
    const records = values.map((value, index) => ({
      topic,
      partition: 0,
      offset: offset + index,
      timestamp: t0,
      timestampType: 'CREATE_TIME',
      value: value.toString('base64'),
      headers: [],
    }));
    const event = { eventSource: 'aws:kafka', records: { [`${topic}-0`]: records } };
    const context = { getRemainingTimeInMillis: () => 60_000 };
    await handler(event, context as Parameters<typeof handler>[1]);
    return newest
      .flatMap(({ outcomes }) => outcomes)
      .map((outcome) => {
        if (outcome.kind === 'failed') return outcome.error.message;
        return outcome.kind === 'rejected' ? outcome.reason : outcome.kind;
      });
  };

  type Composition = typeof import('../../functions/ingest/create-handler.ts');
  let started: Promise<ReturnType<Composition['createHandler']>> | undefined;
  const start = () => {
    started ??= load<Composition>('functions/ingest/create-handler.ts').then(({ createHandler }) =>
      createHandler(environment, {
        onResults(results) {
          newest = results;
        },
      }),
    );
    return started;
  };
  opened.defer(async () => (await started)?.close());

  const owned = opened.move();
  return {
    load,
    name,
    statement,
    deliver,
    /** Gives the function the next records, which must be handled, and adds them to the expected tables. */
    ingest: async (values: readonly Buffer[]): Promise<string[]> => {
      const became = await deliver(values);
      for (const value of values) {
        expectedTables.add({ partition: 0, offset, timestamp: t0, key: null, value, headers: [] });
        offset += 1;
      }
      return became;
    },
    /** Reads the new column of all rows, in the order of their times. */
    added: async (): Promise<unknown[]> => {
      const { rows } = await statement(`SELECT event_time, ${addedName} FROM $.user_events`);
      return rows
        .toSorted((one, other) => one['event_time'] - other['event_time'])
        .map((row) => row[addedName]);
    },
    /** Lists the rows of the three tables that differ from the expected ones. */
    wrong: async () => {
      const tables = await compare({
        reader: keyspace,
        keyspace: name,
        topic,
        consumerGroup: config.consumerGroup,
        expectedTables,
      });
      return tables.flatMap(({ examples }) => examples);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

for (const settings of [standard, { BUCKET: 'hour', EVENT_ID_IN_KEY: 'on' }])
  test(`a field and its column are added in the two schema files, and their values are written: ${JSON.stringify(settings)}`, async () => {
    await using world = await openWorld([addBoth], settings);
    const { eventPlan } =
      await world.load<typeof import('../../schema/event-plan.ts')>('schema/event-plan.ts');
    const { fields: planned } = eventPlan();
    deepStrictEqual([planned.at(-1)?.name, planned.at(-1)?.kind], [addedName, 'text']);
    deepStrictEqual(await world.ingest([behind(0, 'ä-1'), behind(1, null), behind(2, '')]), [
      'written',
      'written',
      'written',
    ]);
    deepStrictEqual(await world.added(), ['ä-1', null, '']);
    deepStrictEqual(await world.wrong(), []);
  });

test('producers that have not changed yet are read beside those that have, framed by an id or as an older bare layout', async () => {
  await using world = await openWorld([addBoth, listBefore]);
  const values = [
    behind(0, 'one'),
    before(1),
    confluent(ids.published, before(2)),
    confluent(ids.evolved, behind(3, 'two')),
    confluent(ids.evolved, behind(4, null)),
    before(5),
    behind(6, 'three'),
  ];
  deepStrictEqual(
    await world.ingest(values),
    values.map(() => 'written'),
  );
  deepStrictEqual(await world.added(), ['one', null, null, 'two', null, null, 'three']);
  deepStrictEqual(await world.wrong(), []);
});

test('bare values of an older layout that is not listed are rejected as undecodable, each whole, and those around them are written', async () => {
  await using world = await openWorld([addBoth]);
  deepStrictEqual(await world.ingest([behind(0, 'one'), before(1), behind(2, null)]), [
    'written',
    'undecodable',
    'written',
  ]);
  deepStrictEqual(await world.wrong(), []);
});

test('where the table does not have the column yet, each batch fails with the table, the column and the ALTER, and nothing is lost', async () => {
  await using world = await openWorld([addBoth]);
  const values = [behind(0, 'one'), behind(1, null)];
  const alter = `ALTER TABLE ${world.name}.user_events ADD "${addedName}" text`;
  await world.statement(`ALTER TABLE $.user_events DROP ${addedName}`);
  const [first = ''] = await world.deliver(values);
  match(first, /user_events/);
  match(first, new RegExp(addedName));
  match(first, new RegExp(alter));
  await world.statement(alter);
  deepStrictEqual(await world.ingest(values), ['written', 'written']);
  deepStrictEqual(await world.added(), ['one', null]);
  deepStrictEqual(await world.wrong(), []);
});

test('where the table does not have the column yet, the deploy fails with the ALTER to run', async () => {
  await using world = await openWorld([addBoth]);
  await world.statement(`ALTER TABLE $.user_events DROP ${addedName}`);
  const { createTables } =
    await world.load<typeof import('../../schema/tables.ts')>('schema/tables.ts');
  const { handler } = await world.load<typeof import('../../functions/migrate/handler.ts')>(
    'functions/migrate/handler.ts',
  );
  Object.assign(process.env, testServers().cassandra, {
    CASSANDRA_KEYSPACE: world.name,
    CONSUMER_GROUP_ID: 'any',
  });
  const Tables = createTables();
  await rejects(
    handler({ RequestType: 'Create', ResourceProperties: { Keyspace: world.name, Tables } }),
    new RegExp(`ALTER TABLE ${world.name}.user_events ADD "${addedName}" text`),
  );
});
