import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { readEventLines } from '../../../../local/own-events/event-lines.ts';
import { userEventType } from '../../../../schema/avro-bytes.ts';

const event = {
  user_id: '00000000-0000-4000-8000-000000000001',
  event_type: 'click',
  event_time: 1_773_144_000_000,
  event_id: '00000000-0000-4000-8000-0000000000e1',
  metadata: { page: '/' },
};

const read = (...lines: (object | string)[]) =>
  readEventLines(
    Buffer.from(
      lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    ),
  );

test('a JSON line becomes the bytes of its event, with the schema’s defaults for what it lacks', () => {
  const { metadata: _, ...lacking } = event;
  const { events, bad } = read(event, lacking);
  deepStrictEqual(bad, []);
  deepStrictEqual(
    events.map(({ avro }) => avro),
    [userEventType.toBuffer(event), userEventType.toBuffer({ ...event, metadata: {} })],
  );
  deepStrictEqual(events[1]?.fields, { ...event, metadata: {} });
});

test('a time may be a text of ISO 8601 with its zone', () => {
  for (const event_time of ['2026-03-10T12:00:00Z', '2026-03-10T13:00:00.000+01:00'])
    strictEqual(read({ ...event, event_time }).events[0]?.fields['event_time'], event.event_time);
});

test('lines without text are skipped, and count', () => {
  const { events, bad } = read('', event, '  \r', '{', '');
  deepStrictEqual([events.map(({ line }) => line), bad.map(({ line }) => line)], [[2], [4]]);
});

test('a byte order mark before the first line is no fault', () => {
  deepStrictEqual(read(`\ufeff${JSON.stringify(event)}`).bad, []);
});

for (const [what, line, sentence] of [
  ['no JSON', '{"user_id":', /\(undecodable\)$/],
  ['a list', '[1]', /looks like a list in JSON/],
  ['an unknown name', { ...event, userId: 1 }, /a key that is no field of an event/],
  ['a field twice', `{"event_type":"a",${JSON.stringify(event).slice(1)}`, /event_type twice/],
  ['a field missing', { ...event, user_id: undefined }, /is JSON without user_id/],
  ['a wrong type', { ...event, event_type: 7 }, /event_type is not a text/],
  ['a wrong entry', { ...event, metadata: { a: 1 } }, /metadata is not an object of texts/],
  ['a fraction of time', { ...event, event_time: 1.5 }, /^event_time must be a whole number/],
  ['a day that is none', { ...event, event_time: '2026-02-30T00:00:00Z' }, /invalid_event_time/],
  ['a time without zone', { ...event, event_time: '2026-02-20T00:00:00' }, /with its time zone/],
  ['a wrong id', { ...event, user_id: 'me' }, /\(invalid_uuid\)$/],
  ['an empty type', { ...event, event_type: '' }, /\(invalid_event_type\)$/],
  ['a time in µs', { ...event, event_time: 1.773e15 }, /\(invalid_event_time\)$/],
] as const)
  test(`a line with ${what} is bad, and named by its number`, () => {
    const { events, bad } = read(event, line);
    strictEqual(events.length, 1);
    strictEqual(bad[0]?.line, 2);
    match(bad[0]?.what ?? '', sentence);
  });

test('a line that is not UTF-8 is bad', () => {
  const { bad } = readEventLines(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]));
  deepStrictEqual(
    bad.map(({ line }) => line),
    [1],
  );
});

test('a line can be filled with an id and the time, and keeps those that it has', () => {
  const began = Date.now();
  const { event_id: _, event_time: __, ...lacking } = event;
  const { events, bad } = readEventLines(
    Buffer.from(`${JSON.stringify(lacking)}\n${JSON.stringify(event)}`),
    true,
  );
  deepStrictEqual(bad, []);
  match(String(events[0]?.fields['event_id']), /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  strictEqual(Number(events[0]?.fields['event_time']) >= began, true);
  deepStrictEqual(events[1]?.fields, event);
});
