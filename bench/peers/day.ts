import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro from 'avsc';
import { expectedBy } from '../../cli/verify/rules/expected.ts';
import { rowShape } from '../../cli/verify/rules/row.ts';
import type { GeneratedRecord } from '../../local/dataset/generated-record.ts';
import type { Keyspace } from '../../local/keyspace.ts';
import { parseTable } from '../../schema/table-definition.ts';
import schema from './day/user-event.avsc.json' with { type: 'json' };

// The peers are handwritten programs for the schema and the table of the day when they were written. They are measured with
// copies of these in bench/peers/day: fields that the product has gained since do not concern them.

const folder = join(import.meta.dirname, 'day');
const statement = readFileSync(join(folder, 'user-events.cql'), 'utf8').trim();
const table = parseTable(statement);
const type = avro.Type.forSchema(schema as avro.Schema);

/** The path of the schema that the peers read values by. */
export const schemaFile = join(folder, 'user-event.avsc.json');

/** The shape of a row of the peers' table. */
export const rows = rowShape(table);

/** Finds the expected fate of a value by the peers' schema. */
export const expectedOf = expectedBy({}, { schema, table });

/**
 * Yields the records with an event, in the peers' schema, with their offsets after all other records are left out. The peers read valid
 * events only: each product has its own guards against other values, whose cost says nothing about the product.
 */
export const onlyEvents = function* (
  records: Iterable<GeneratedRecord>,
): Generator<GeneratedRecord> {
  const nextOffsets = new Map<number, number>();
  for (const record of records) {
    const { partition, intent } = record;
    if (!('event' in intent)) continue;
    const offset = nextOffsets.get(partition) ?? 0;
    nextOffsets.set(partition, offset + 1);
    yield { ...record, offset, value: type.toBuffer(intent.event) };
  }
};

/** Replaces the product's table by the peers' one. */
export const useTheirTable = async ({ client, name }: Keyspace): Promise<void> => {
  for (const query of [
    `DROP TABLE ${name}.user_events`,
    statement.replace('CREATE TABLE ', `CREATE TABLE ${name}.`),
  ])
    await client.execute(query, [], { prepare: false, readTimeout: 60_000 });
};
