import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { parseTable } from '../../../schema/table-definition.ts';
import { createTables } from '../../../schema/tables.ts';

test('a statement of the form that tables.cql has is read whole', () => {
  const statement = `CREATE TABLE IF NOT EXISTS user_events (
  user_id uuid,
  bucket_date date,
  bucket_hour tinyint,
  event_time timestamp,
  event_type text,
  event_id uuid,
  metadata map<text, text>,
  PRIMARY KEY ((user_id, bucket_date, bucket_hour), event_time, event_type, event_id)
) WITH CLUSTERING ORDER BY (event_time DESC, event_type ASC, event_id ASC)
  AND default_time_to_live = 86400`;
  deepStrictEqual(parseTable(statement), {
    name: 'user_events',
    columns: [
      { name: 'user_id', type: 'uuid' },
      { name: 'bucket_date', type: 'date' },
      { name: 'bucket_hour', type: 'tinyint' },
      { name: 'event_time', type: 'timestamp' },
      { name: 'event_type', type: 'text' },
      { name: 'event_id', type: 'uuid' },
      { name: 'metadata', type: 'map<text, text>' },
    ],
    partitionKey: ['user_id', 'bucket_date', 'bucket_hour'],
    clusteringKey: [
      { name: 'event_time', order: 'DESC' },
      { name: 'event_type', order: 'ASC' },
      { name: 'event_id', order: 'ASC' },
    ],
    defaultTtlSeconds: 86_400,
  });
});

test('the statement of user_events is read with its key, its order and its time to live', () => {
  const [userEvents = ''] = createTables({
    bucket: 'hour',
    eventIdInKey: true,
    rejectedTtlSeconds: 0,
    userEventsTtlSeconds: 86_400,
  });
  const { name, partitionKey, clusteringKey, defaultTtlSeconds } = parseTable(userEvents);
  deepStrictEqual(
    { name, partitionKey, clusteringKey, defaultTtlSeconds },
    {
      name: 'user_events',
      partitionKey: ['user_id', 'bucket_date', 'bucket_hour'],
      clusteringKey: [
        { name: 'event_time', order: 'DESC' },
        { name: 'event_type', order: 'ASC' },
        { name: 'event_id', order: 'ASC' },
      ],
      defaultTtlSeconds: 86_400,
    },
  );
});

test('quoted names and tables without a clustering key are read too', () => {
  const [, watermarks = '', rejected = ''] = createTables({
    bucket: 'day',
    eventIdInKey: false,
    rejectedTtlSeconds: 60,
  });
  deepStrictEqual(parseTable(watermarks).clusteringKey, []);
  deepStrictEqual(parseTable(rejected).clusteringKey, [{ name: 'offset', order: 'ASC' }]);
  deepStrictEqual(parseTable(rejected).columns[3], { name: 'offset', type: 'bigint' });
  deepStrictEqual(parseTable(rejected).defaultTtlSeconds, 60);
});

test('a statement of another form is refused, not misread', () => {
  for (const statement of ['', 'DROP TABLE user_events', 'CREATE TABLE a (b int PRIMARY KEY)'])
    throws(() => parseTable(statement), /not a statement of the form that tables\.cql has/);
});
