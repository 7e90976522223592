import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import cdk from '../../../cdk.json' with { type: 'json' };
import type { EventPlanError } from '../../../functions/ingest/event/plan.ts';
import { addedField, addedName } from '../../support/added-field.ts';
import { addColumn, addField, copyProject, type ProjectCopy } from '../../support/project-copy.ts';

// A field is added to copies of the project, and a place is left out on purpose: each copy must say which, and what to do.

const text = ['null', 'string'];
const atStart = (copy: ProjectCopy) => copy.load('functions/ingest/handler.ts');

Object.assign(process.env, {
  CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
  CASSANDRA_LOCAL_DATACENTER: 'none',
  CASSANDRA_KEYSPACE: 'none',
  CASSANDRA_TLS: 'off',
  CONSUMER_GROUP_ID: 'none',
});

for (const [what, change, sentence] of [
  [
    'a field without a column',
    (copy: ProjectCopy) => addField(copy, addedField),
    `field ${addedName} has no column: add \`${addedName} text\` to the table in schema/tables.cql`,
  ],
  [
    'a column without a field',
    (copy: ProjectCopy) => addColumn(copy, addedName, 'text'),
    `column ${addedName} has no field of that name: add the field to schema/user-event.avsc.json, or take the column out`,
  ],
  [
    'a column of another type',
    async (copy: ProjectCopy) => {
      await addField(copy, addedField);
      await addColumn(copy, addedName, 'bigint');
    },
    `field ${addedName} is string and its column bigint: the column must be text`,
  ],
  [
    'a field of a type that no column holds',
    async (copy: ProjectCopy) => {
      await addField(copy, { name: addedName, type: ['null', 'float'], default: null });
      await addColumn(copy, addedName, 'float');
    },
    `field ${addedName} has a type that no column can hold: use one of string (uuid), string, long (timestamp-millis), map of strings, long, int, boolean, double, bytes, alone or in a union with null`,
  ],
  [
    'a nullable field in the key',
    async (copy: ProjectCopy) => {
      await addField(copy, { name: addedName, type: text, default: null });
      await addColumn(copy, addedName, 'text');
      await copy.change('schema/tables.cql', (cql) =>
        cql
          .replace('event_time, event_type)', `event_time, event_type, ${addedName})`)
          .replace('event_type ASC)', `event_type ASC, ${addedName} ASC)`),
      );
    },
    `field ${addedName} may be null and its column is part of the key: a key has a value`,
  ],
  [
    'a default of another type',
    async (copy: ProjectCopy) => {
      await addField(copy, { name: addedName, type: 'string', default: 7 });
      await addColumn(copy, addedName, 'text');
    },
    `field ${addedName} has a default that is no string`,
  ],
] as const)
  test(`${what} keeps the function from starting, with a sentence that says so`, async () => {
    await using copy = await copyProject();
    await change(copy);
    await rejects(atStart(copy), (error: EventPlanError) => {
      deepStrictEqual(error.mistakes, [sentence]);
      match(error.message, /^schema\/user-event\.avsc\.json and table user_events do not fit/);
      return error.name === 'EventPlanError';
    });
  });

/** What `cdk synth` of a copy says before it gives up. */
const refusalOfSynth = async ({ folder }: ProjectCopy): Promise<string> => {
  const synth = promisify(execFile)(process.execPath, ['infra/app.ts'], {
    cwd: folder,
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(cdk.context) },
  });
  const { code, stderr } = await synth.then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
  strictEqual(code, 1);
  return stderr;
};

test('where the schema and the tables do not fit together, no template is made: synth says why', async () => {
  await using copy = await copyProject();
  await addField(copy, addedField);
  strictEqual(
    await refusalOfSynth(copy),
    'schema/user-event.avsc.json and table user_events do not fit together:\n' +
      `  - field ${addedName} has no column: add \`${addedName} text\` to the table in schema/tables.cql\n`,
  );
});

test('where a bare value could begin like a registry’s header, no template is made: synth names the field and the setting', async () => {
  await using copy = await copyProject();
  await copy.change('schema/user-event.avsc.json', (given) => {
    const schema = JSON.parse(given);
    return JSON.stringify({ ...schema, fields: [addedField, ...schema.fields] });
  });
  await addColumn(copy, addedName, 'text');
  match(
    await refusalOfSynth(copy),
    new RegExp(`^a bare value of .* its first field ${addedName} is .*: set WIRE_FORMAT to bare`),
  );
});

test('a field with its column keeps nothing from starting, wherever they stand in the two files', async () => {
  await using copy = await copyProject();
  await copy.change('schema/user-event.avsc.json', (given) => {
    const schema = JSON.parse(given);
    const added = { name: addedName, type: text, default: null };
    return JSON.stringify({ ...schema, fields: [added, ...schema.fields] });
  });
  await copy.change('schema/tables.cql', (cql) =>
    cql.replace('\n  event_type text,', `\n  ${addedName} text,\n  event_type text,`),
  );
  const { eventPlan } =
    await copy.load<typeof import('../../../schema/event-plan.ts')>('schema/event-plan.ts');
  const { fields, columns } = eventPlan();
  deepStrictEqual(fields[0]?.name, addedName);
  deepStrictEqual(columns.filter(({ name }) => name === addedName).length, 1);
});
