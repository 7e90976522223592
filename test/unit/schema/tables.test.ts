import { deepStrictEqual, doesNotMatch, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createTables } from '../../../schema/tables.ts';
import { settingsOf } from '../../support/settings.ts';

test('the file has the three tables of the function and that of operators, without comments, and they can be created again', () => {
  const tables = createTables();
  deepStrictEqual(
    tables.map((table) => /^CREATE TABLE IF NOT EXISTS (\w+) \(/.exec(table)?.[1]),
    ['user_events', 'partition_watermarks', 'rejected_events', 'operations'],
  );
  doesNotMatch(tables.join(), /--/);
});

test('the function’s default settings make the tables as the file has them', () => {
  deepStrictEqual(createTables(settingsOf()), createTables());
});

test('hourly buckets are a further partition key column', () => {
  const [userEvents = ''] = createTables({ bucket: 'hour' });
  match(userEvents, /bucket_hour tinyint/);
  match(
    userEvents,
    /PRIMARY KEY \(\(user_id, bucket_date, bucket_hour\), event_time, event_type\)/,
  );
});

test('event_id can be the last clustering column', () => {
  const [userEvents = ''] = createTables({ eventIdInKey: true });
  match(userEvents, /\(\(user_id, bucket_date\), event_time, event_type, event_id\)/);
  match(userEvents, /\(event_time DESC, event_type ASC, event_id ASC\)/);
});

test('rejected records expire as configured', () => {
  const rejected =
    createTables({ rejectedTtlSeconds: 86_400 }).find((one) => one.includes('rejected_events')) ??
    '';
  strictEqual(/default_time_to_live = (\d+)/.exec(rejected)?.[1], '86400');
});
