import { deepStrictEqual, doesNotMatch, notDeepStrictEqual, ok } from 'node:assert/strict';
import published from '../../../schema/user-event.avsc.json' with { type: 'json' };
import { addedField, addedName } from '../../support/added-field.ts';
import { encode, type Fields, fields } from '../../support/avro.ts';
import { addColumn, addField, copyProject, type ProjectCopy } from '../../support/project-copy.ts';
import { encodeBy } from '../../support/writers.ts';
import { followKeyspaces, keyspacesTables } from '../keyspaces-tables.ts';
import type { Rehearsal, Scenario } from '../rehearsal.ts';
import { another, type Stage } from '../stages.ts';
import { continueRollback } from '../surroundings.ts';

/** Makes a copy of the project with an additional field and its column. */
const projectWithField = (rehearsal: Rehearsal): Promise<ProjectCopy> =>
  rehearsal.step(`copy the project, and add ${addedName}`, async () => {
    const copy = await copyProject();
    await addField(copy, addedField);
    await addColumn(copy, addedName, 'text');
    return copy;
  });

/** Gives the location of the code that the function runs. */
const codeOf = async (rehearsal: Rehearsal, stage: Stage): Promise<unknown> =>
  (await rehearsal.ingestFunction(stage)).properties['Code'];

/** Lists the statuses of a resource in the stack's events. */
const statusesOf = async (rehearsal: Rehearsal, stage: Stage, logicalId: string) =>
  (await rehearsal.stack(stage)).events
    .filter((event) => event.LogicalResourceId === logicalId)
    .map(({ ResourceStatus }) => ResourceStatus);

const writeRows = ({ world }: Rehearsal, { sink }: Stage, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      world.cassandra.execute(
        `INSERT INTO ${sink.keyspace}.user_events (user_id, bucket_date, event_time, event_type, event_id, metadata) ` +
          `VALUES (uuid(), '2026-03-10', '2026-03-10T12:00:0${index}Z', 'click', uuid(), {'page': '/${index}'})`,
      ),
    ),
  );

type Row = Readonly<Record<string, unknown>>;

/** Reads the rows of user_events with all columns, in the order of the table. */
const rowsOf = async ({ world }: Rehearsal, { sink }: Stage): Promise<Row[]> => {
  const query = `SELECT JSON * FROM ${sink.keyspace}.user_events`;
  const { rows } = await world.cassandra.execute(query);
  return rows.map((row) => JSON.parse(row['[json]']));
};

/** Writes a value into the new column of each row. */
const fillColumn = ({ world }: Rehearsal, { sink }: Stage, rows: readonly Row[]) =>
  Promise.all(
    rows.map((row) =>
      world.cassandra.execute(
        `UPDATE ${sink.keyspace}.user_events SET ${addedName} = 'ä-1' WHERE user_id = ${row['user_id']} ` +
          `AND bucket_date = '${row['bucket_date']}' AND event_time = '${row['event_time']}' AND event_type = '${row['event_type']}'`,
      ),
    ),
  );

/** Finds the columns of user_events on Keyspaces that have the new field's name. */
const addedColumns = async (rehearsal: Rehearsal, stage: Stage) => {
  const { user_events: table } = await keyspacesTables(rehearsal, stage);
  return table?.schemaDefinition.allColumns.filter(({ name }) => name === addedName);
};

/** The schema of producers that know the new field. */
const evolvedSchema = { ...published, fields: [...published.fields, addedField] };

const valueBefore = (event: Partial<Fields>): Buffer => encode(event);
const valueAfter = (event: Partial<Fields>): Buffer =>
  encodeBy(evolvedSchema, { ...fields(event), [addedName]: 'ä-1' });

/** Makes a consumer of one partition: it gives the deployed function the next values, all of which must be handled. */
const consumerOf = (rehearsal: Rehearsal, stage: Stage) => {
  const begin = Date.UTC(2026, 2, 10, 12);
  let next = 0;
  return (what: string, values: readonly ((event: Partial<Fields>) => Buffer)[]) =>
    rehearsal.step(what, async () => {
      await followKeyspaces(rehearsal, stage);
      const records = values.map((encoded) => {
        const offset = next++;
        const user_id = `11111111-1111-4111-8111-${String(offset).padStart(12, '0')}`;
        const value = encoded({ user_id, event_time: begin + offset }).toString('base64');
        const place = { topic: stage.topic, partition: 0, offset };
        return { ...place, timestamp: begin, timestampType: 'CREATE_TIME', value, headers: [] };
      });
      const event = { eventSource: 'aws:kafka', records: { [`${stage.topic}-0`]: records } };
      const { id } = await rehearsal.ingestFunction(stage);
      deepStrictEqual(await rehearsal.world.emulator.invoke(id, event), { batchItemFailures: [] });
    });
};

/** Finds the statement in the output of a failed deploy. */
const statementIn = (said: string): string => {
  const [statement] = new RegExp(`ALTER TABLE \\S+ ADD "?${addedName}"? text`).exec(said) ?? [];
  ok(statement !== undefined, said);
  return statement;
};

/** The scenarios of a field and its column that are added by the steps of docs/schemas.md. */
export const addedColumn: readonly Scenario[] = [
  {
    name: 'Cassandra: a column is added to a table with rows, by the ALTER as told, through rollbacks and back: no row is lost',
    onServers: true,
    async run(rehearsal) {
      const before = another(rehearsal.stages.cassandra, 'column-cassandra', {
        alarms: { maxOffsetLag: 1000 },
      });
      const after = { ...before, alarms: { maxOffsetLag: 5000 } };
      await rehearsal.deploy(before);
      const { logicalId } = await rehearsal.ingestFunction(before);
      const code = await codeOf(rehearsal, before);
      await rehearsal.step('five rows', () => writeRows(rehearsal, before, 5));
      const rows = await rowsOf(rehearsal, before);
      deepStrictEqual(rows.length, 5);

      await using copy = await projectWithField(rehearsal);
      const evolved = rehearsal.of(copy.folder);
      const told = await evolved.deployFails(before, /ALTER TABLE/, 'deploy the column: told');
      await rehearsal.isIn(before, 'UPDATE_ROLLBACK_COMPLETE');
      deepStrictEqual(await statusesOf(rehearsal, before, logicalId), [
        'CREATE_IN_PROGRESS',
        'CREATE_COMPLETE',
      ]);
      deepStrictEqual(await codeOf(rehearsal, before), code);
      deepStrictEqual(await rowsOf(rehearsal, before), rows);

      await rehearsal.step('ALTER TABLE, as told', () =>
        rehearsal.world.cassandra.execute(statementIn(told)),
      );
      const wider = rows.map((row) => ({ ...row, [addedName]: null }));
      await rehearsal.plant(after, 'update', 'AWS::CloudWatch::Alarm');
      await evolved.deployFails(after, /planted: no update/, 'deploy; an alarm fails');
      await rehearsal.isIn(after, 'UPDATE_ROLLBACK_COMPLETE');
      deepStrictEqual(await codeOf(rehearsal, after), code);
      deepStrictEqual(await rowsOf(rehearsal, after), wider);

      await evolved.deploy(after, 'deploy after it');
      await rehearsal.isIn(after, 'UPDATE_COMPLETE');
      notDeepStrictEqual(await codeOf(rehearsal, after), code);
      deepStrictEqual(await rowsOf(rehearsal, after), wider);

      await rehearsal.step('a value in each row', () => fillColumn(rehearsal, after, rows));
      const filled = rows.map((row) => ({ ...row, [addedName]: 'ä-1' }));
      await rehearsal.deploy(before, 'deploy the version before');
      await rehearsal.isIn(before, 'UPDATE_COMPLETE');
      deepStrictEqual(await codeOf(rehearsal, before), code);
      deepStrictEqual(await rowsOf(rehearsal, before), filled);
    },
  },
  {
    name: 'Keyspaces: a column is added by the deploy, and the function is updated after its table',
    async run(rehearsal) {
      const stage = another(rehearsal.stages.prod, 'column');
      await rehearsal.deploy(stage);
      const code = await codeOf(rehearsal, stage);
      const { events: first } = await rehearsal.stack(stage);
      await using copy = await projectWithField(rehearsal);
      await rehearsal.of(copy.folder).deploy(stage, 'deploy the column');
      await rehearsal.isIn(stage, 'UPDATE_COMPLETE');
      notDeepStrictEqual(await codeOf(rehearsal, stage), code);
      deepStrictEqual(await addedColumns(rehearsal, stage), [{ name: addedName, type: 'text' }]);

      const { events, resources } = await rehearsal.stack(stage);
      const { logicalId } = await rehearsal.ingestFunction(stage);
      const changes = events.slice(first.length).flatMap((event) => {
        const { LogicalResourceId: id, ResourceStatus: status } = event;
        const isTable = resources[id]?.type === 'AWS::Cassandra::Table';
        if (!isTable && id !== logicalId) return [];
        return [`${isTable ? 'table' : 'function'} ${status}`];
      });
      deepStrictEqual(changes, [
        'table UPDATE_IN_PROGRESS',
        'table UPDATE_COMPLETE',
        'function UPDATE_IN_PROGRESS',
        'function UPDATE_COMPLETE',
      ]);
    },
  },
  {
    name: 'Keyspaces: a deploy that adds a column and fails for another cause is brought to its end: no row is lost',
    onServers: true,
    async run(rehearsal) {
      const { emulator, database, signal } = rehearsal.world;
      const before = another(rehearsal.stages.prod, 'column-stuck', {
        sink: { login: { secretArn: database.secretArn } },
      });
      const after = { ...before, alarms: { maxOffsetLag: 5000 } };
      const consume = consumerOf(rehearsal, before);
      await rehearsal.deploy(before);
      const { resources: first, events: firstEvents } = await rehearsal.stack(before);
      const code = await codeOf(rehearsal, before);
      await consume('three events', [valueBefore, valueBefore, valueBefore]);
      const rows = await rowsOf(rehearsal, before);
      deepStrictEqual(rows.length, 3);

      await using copy = await projectWithField(rehearsal);
      await copy.change('schema/writer-schemas.json', () => JSON.stringify({ bare: [published] }));
      const evolved = rehearsal.of(copy.folder);
      await rehearsal.plant(after, 'update', 'AWS::CloudWatch::Alarm');
      const said = await evolved.deployFails(
        after,
        /planted: no update/,
        'deploy the column; an alarm fails',
      );
      await rehearsal.isIn(after, 'UPDATE_ROLLBACK_FAILED');
      const [, table = ''] = /failed to update: \[(\w+)\]/.exec(said) ?? [];
      deepStrictEqual(first[table]?.id, `${before.sink.keyspace}|user_events`, said);
      notDeepStrictEqual(await codeOf(rehearsal, after), code);
      await consume('an event while the stack is stuck', [valueBefore]);

      const { status } = await rehearsal.step('continue-update-rollback, without the table', () =>
        continueRollback(emulator, after.stackName, table, signal),
      );
      deepStrictEqual(status, 'UPDATE_ROLLBACK_COMPLETE');
      deepStrictEqual(await codeOf(rehearsal, after), code);
      await consume('an event for the version before', [valueBefore]);

      const apart = { ...after, sink: { ...after.sink, tables: { create: false } } };
      await evolved.deploy(apart, 'deploy the version with tables.create: false');
      await consume('an event while the tables are nobody’s', [valueBefore]);
      await evolved.deploy(after, 'deploy it --import-existing-resources', [
        '--import-existing-resources',
      ]);
      await rehearsal.isIn(after, 'UPDATE_COMPLETE');
      await consume('events with and without the field', [valueBefore, valueAfter]);

      const all = await rowsOf(rehearsal, after);
      deepStrictEqual(all.length, 8);
      const users = rows.map((row) => row['user_id']);
      deepStrictEqual(
        all.filter((row) => users.includes(row['user_id'])),
        rows.map((row) => ({ ...row, [addedName]: null })),
      );
      const given = all.flatMap((row) => row[addedName] ?? []);
      deepStrictEqual(given, ['ä-1']);
      deepStrictEqual(await addedColumns(rehearsal, after), [{ name: addedName, type: 'text' }]);
      const { resources, events } = await rehearsal.stack(after);
      const made = (all: typeof first) =>
        Object.values(all)
          .filter(({ type }) => type.startsWith('AWS::Cassandra::'))
          .map(({ id }) => id)
          .sort();
      deepStrictEqual(made(resources), made(first));
      for (const { LogicalResourceId, ResourceStatus } of events.slice(firstEvents.length))
        if (first[LogicalResourceId]?.type.startsWith('AWS::Cassandra::'))
          doesNotMatch(ResourceStatus, /^CREATE_COMPLETE|^DELETE_(IN_PROGRESS|COMPLETE)/);
    },
  },
];
