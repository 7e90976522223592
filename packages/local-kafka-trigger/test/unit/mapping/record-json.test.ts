import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toEventJson } from '../../../src/mapping/kafka-event.ts';
import { type SourceRecord, toRecordJson } from '../../../src/mapping/record-json.ts';

const record = (given: Partial<SourceRecord> = {}): SourceRecord => ({
  topic: 'mytopic',
  partition: 0,
  offset: 15,
  timestamp: 1545084650987,
  timestampType: 'CREATE_TIME',
  key: null,
  value: null,
  headers: [],
  ...given,
});

const json = (given: Partial<SourceRecord>): unknown => JSON.parse(toRecordJson(record(given)));

test('a record is what AWS shows in its example', () => {
  deepStrictEqual(
    json({
      key: Buffer.from('recordKey'),
      value: Buffer.from('Hello, this is a test.'),
      headers: [[Buffer.from('headerKey'), Buffer.from('headerValue')]],
    }),
    {
      topic: 'mytopic',
      partition: 0,
      offset: 15,
      timestamp: 1545084650987,
      timestampType: 'CREATE_TIME',
      key: 'cmVjb3JkS2V5',
      value: 'SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==',
      headers: [{ headerKey: [104, 101, 97, 100, 101, 114, 86, 97, 108, 117, 101] }],
    },
  );
});

test('a null key or value is absent, an empty one is an empty text', () => {
  const bare = { topic: 'mytopic', partition: 0, offset: 15, timestamp: 1545084650987 };
  const rest = { timestampType: 'CREATE_TIME', headers: [] };
  deepStrictEqual(json({}), { ...bare, ...rest });
  const empty = Buffer.alloc(0);
  deepStrictEqual(json({ key: empty, value: empty }), { ...bare, key: '', value: '', ...rest });
});

test('a null key or value can be written as null', () => {
  const { key, value } = JSON.parse(toRecordJson(record(), 'null'));
  deepStrictEqual([key, value], [null, null]);
});

test('header bytes are signed, as Java has them', () => {
  const headers: SourceRecord['headers'] = [[Buffer.from('h'), Buffer.from('ë\u007f')]];
  deepStrictEqual((json({ headers }) as { headers: unknown }).headers, [{ h: [-61, -85, 127] }]);
});

test('headers keep their order and their doubles; a name may be any text, a value null or empty', () => {
  const name = Buffer.from('a"ü\n');
  const headers: SourceRecord['headers'] = [
    [name, Buffer.from([1])],
    [Buffer.from('b'), null],
    [name, Buffer.alloc(0)],
  ];
  deepStrictEqual((json({ headers }) as { headers: unknown }).headers, [
    { 'a"ü\n': [1] },
    { b: null },
    { 'a"ü\n': [] },
  ]);
});

test('a record whose time the broker set says so', () => {
  const { timestampType } = json({ timestampType: 'LOG_APPEND_TIME' }) as Record<string, unknown>;
  strictEqual(timestampType, 'LOG_APPEND_TIME');
});

test('any bytes reach the function as they were', () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array)));
  const header = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 8 }), bytes);
  fc.assert(
    fc.property(bytes, bytes, fc.array(header, { maxLength: 4 }), (key, value, headers) => {
      const source = record({
        key,
        value,
        headers: headers.map(([name, content]) => [Buffer.from(name), content]),
      });
      const event = toEventJson({ kind: 'self-managed', bootstrapServers: 'a:1' }, [
        { identifier: 'mytopic-0', records: [{ json: toRecordJson(source) }] },
      ]);
      const [read] = JSON.parse(event).records['mytopic-0'];
      const decoded = (text?: string): Buffer | null =>
        text === undefined ? null : Buffer.from(text, 'base64');
      deepStrictEqual([decoded(read.key), decoded(read.value)], [key, value]);
      deepStrictEqual(
        read.headers.flatMap((one: Record<string, number[] | null>) => Object.entries(one)),
        headers.map(([name, content]) => [name, content && [...new Int8Array(content)]]),
      );
    }),
  );
});
