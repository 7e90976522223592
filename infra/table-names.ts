/** The tables that the function reads and writes, as `schema/tables.cql` makes them. */
export const tableNames = ['user_events', 'rejected_events', 'partition_watermarks'] as const;
