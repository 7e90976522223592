import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import { rowJson, rowsText } from '../../../../cli/output/rows-text.ts';

/** Makes a row as the driver gives it: an object of its values, with two methods. */
const row = (values: Record<string, unknown>): types.Row =>
  Object.assign(
    Object.create({ keys: () => Object.keys(values), values: () => Object.values(values) }),
    values,
  );

test('rows are drawn within 80 columns, and no value moves the terminal’s cursor', () => {
  const text = rowsText([row({ id: 'a', note: `\u001b[2J${'word '.repeat(40).trim()}` })]);
  ok(text.includes('\\u001b[2J'), text);
  deepStrictEqual(
    text.split('\n').filter((line) => line.length > 80),
    [],
  );
});

test('no rows are said', () => {
  strictEqual(rowsText([]), 'no rows');
});

test('a row becomes JSON that a person can read', () => {
  deepStrictEqual(
    JSON.parse(
      rowJson(
        row({
          id: types.Uuid.fromString('00000000-0000-4000-8000-000000000001'),
          at: new Date(0),
          day: types.LocalDate.fromString('2026-03-10'),
          map: new Map([['__proto__', 'x']]),
          bytes: Buffer.of(255),
          long: types.Long.fromString('9007199254740993'),
          pairs: [new types.Tuple('a', Buffer.of(1))],
          none: null,
        }),
      ),
    ),
    {
      id: '00000000-0000-4000-8000-000000000001',
      at: '1970-01-01T00:00:00.000Z',
      day: '2026-03-10',
      map: JSON.parse('{"__proto__":"x"}'),
      bytes: '0xff',
      long: '9007199254740993',
      pairs: [['a', '0x01']],
      none: null,
    },
  );
});
