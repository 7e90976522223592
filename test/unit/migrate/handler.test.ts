import { rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../functions/migrate/handler.ts';
import { createTables } from '../../../schema/tables.ts';

test('tables that the schema of events does not fit are refused before a connection is opened', async () => {
  const Tables = createTables().map((statement) => statement.replace(/^ *event_id .*$/m, ''));
  const event = {
    RequestType: 'Create',
    ResourceProperties: { Keyspace: 'events', Tables },
  } as const;
  await rejects(handler(event), {
    name: 'EventPlanError',
    message: /do not fit together:\n.*field event_id has no column/,
  });
});
