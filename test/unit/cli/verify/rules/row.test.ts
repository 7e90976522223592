import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf, standardRows } from '../../../../../cli/verify/rules/row.ts';
import { eventId, eventValues, userId } from '../../../../support/avro.ts';

const time = Date.UTC(2026, 2, 10, 23, 30);
const day = (time - 23.5 * 3_600_000) / 86_400_000;
const event = eventValues({ event_time: time });

test('a row’s key is that of the table: the user, the days since the epoch, time and type', () => {
  strictEqual(standardRows.key(event), `${userId} ${day} ${time} click`);
});

test('with BUCKET=hour the hour is in the key, and before the epoch too', () => {
  const hourly = rowsOf({ bucket: 'hour' });
  strictEqual(hourly.key(event), `${userId} ${day} 23 ${time} click`);
  const before = eventValues({ event_time: -1 });
  strictEqual(hourly.key(before), `${userId} -1 23 -1 click`);
});

test('with EVENT_ID_IN_KEY=on the event’s id is in the key, and in the digest no more', () => {
  const shape = rowsOf({ eventIdInKey: true });
  strictEqual(shape.key(event), `${standardRows.key(event)} ${eventId}`);
  const other = eventValues({ event_time: time, event_id: userId });
  strictEqual(shape.digest(event), shape.digest(other));
  notStrictEqual(standardRows.digest(event), standardRows.digest(other));
});

test('a row is asked for all fields of the event, and for the date that is computed of its time', () => {
  deepStrictEqual(new Set(standardRows.columns), new Set([...Object.keys(event), 'bucket_date']));
});

test('a map without entries is the same as none, and the order of the entries says nothing', () => {
  const none = { ...event, metadata: null };
  strictEqual(standardRows.digest(event), standardRows.digest(none));
  const [one, other] = [
    { a: '1', b: '2' },
    { b: '2', a: '1' },
  ].map((metadata) => standardRows.digest(eventValues({ metadata })));
  strictEqual(one, other);
});
