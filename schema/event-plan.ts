import { compilePlan, type EventPlan } from '../functions/ingest/event/plan.ts';
import { parseTable } from './table-definition.ts';
import { createTables, type TableOptions } from './tables.ts';
import userEvent from './user-event.avsc.json' with { type: 'json' };

/**
 * Compiles the plan of an event and its row from `user-event.avsc.json`, and from `tables.cql` with these options.
 * @throws {EventPlanError} if the schema and the table do not fit together, with a sentence for each mistake.
 */
export const eventPlan = (
  options: Pick<TableOptions, 'bucket' | 'eventIdInKey'> = {},
): EventPlan => {
  const [userEvents = ''] = createTables(options);
  return compilePlan(userEvent, parseTable(userEvents));
};
