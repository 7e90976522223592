import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { parseTable } from '../../../schema/table-definition.ts';
import { createTables } from '../../../schema/tables.ts';

test('a statement of tables.cql is read whole', () => {
  const [userEvents = ''] = createTables({
    bucket: 'hour',
    eventIdInKey: true,
    rejectedTtlSeconds: 0,
    userEventsTtlSeconds: 86_400,
  });
  deepStrictEqual(parseTable(userEvents), {
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

test('what has another form is refused, not misread', () => {
  for (const statement of ['', 'DROP TABLE user_events', 'CREATE TABLE a (b int PRIMARY KEY)'])
    throws(() => parseTable(statement), /not a statement of the form that tables\.cql has/);
});
