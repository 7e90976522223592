import { deepStrictEqual, notDeepStrictEqual, ok } from 'node:assert/strict';
import { addedField, addedName } from '../../support/added-field.ts';
import { addColumn, addField, copyProject, type ProjectCopy } from '../../support/project-copy.ts';
import type { Rehearsal, Scenario } from '../rehearsal.ts';
import { another, type Stage } from '../stages.ts';

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

/** A table in the answer of Keyspaces' API. */
interface KeyspacesTable {
  readonly schemaDefinition: {
    readonly allColumns: readonly { readonly name: string; readonly type: string }[];
  };
}

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

/** Finds the statement in the output of a failed deploy. */
const statementIn = (said: string): string => {
  const [statement] = new RegExp(`ALTER TABLE \\S+ ADD "?${addedName}"? text`).exec(said) ?? [];
  ok(statement !== undefined, said);
  return statement;
};

/** The scenarios of a field and its column that are added by the steps of docs/operations.md. */
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
      const { keyspaces } = await rehearsal.state();
      const table = keyspaces[stage.sink.keyspace]?.['user_events'] as KeyspacesTable;
      const column = table.schemaDefinition.allColumns.find(({ name }) => name === addedName);
      deepStrictEqual(column, { name: addedName, type: 'text' });

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
];
