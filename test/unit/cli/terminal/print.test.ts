import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { columns, isoTime, table, verdict, wrap } from '../../../../cli/terminal/print.ts';

const { COLUMNS, NO_COLOR, FORCE_COLOR } = process.env;
afterEach(() => {
  for (const [name, value] of Object.entries({ COLUMNS, NO_COLOR, FORCE_COLOR }))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

const withColumns = (width: number, head: readonly string[], rows: readonly string[][]): string => {
  process.env['COLUMNS'] = `${width}`;
  return table(head, rows, true);
};

test('an output that is no terminal has 80 columns, unless COLUMNS sets others', () => {
  delete process.env['COLUMNS'];
  strictEqual(columns(), process.stdout.columns ?? 80);
  process.env['COLUMNS'] = '132';
  strictEqual(columns(), 132);
});

test('a text is broken between words into lines of at most so many columns, and a longer word has a line of its own', () => {
  deepStrictEqual(wrap('one two three incomprehensible no', 9).split('\n'), [
    'one two',
    'three',
    'incomprehensible',
    'no',
  ]);
});

test('a longer word is broken too where the lines must fit', () => {
  deepStrictEqual(wrap('a 123456789', 4, true).split('\n'), ['a', '1234', '5678', '9']);
});

test('a table has its head and its rows, and numbers are aligned right', () => {
  strictEqual(
    withColumns(
      80,
      ['name', 'count'],
      [
        ['a', '7'],
        ['bc', '1,000'],
      ],
    ),
    'name  count\n────  ─────\na         7\nbc    1,000',
  );
});

test('a table that is too wide breaks its head first, and then the longest cells, between words', () => {
  const head = ['fault', 'first record handled', 'caught up'];
  deepStrictEqual(withColumns(40, head, [['a killed function', '1,000', '2']]).split('\n'), [
    'fault                   first  caught up',
    '                       record',
    '                      handled',
    '─────────────────  ──────────  ─────────',
    'a killed function       1,000          2',
  ]);
  deepStrictEqual(
    withColumns(40, head, [['a function that is killed', '1,000', '2']]).split('\n'),
    [
      'fault                      first  caught',
      '                          record      up',
      '                         handled',
      '───────────────────────  ───────  ──────',
      'a function that is         1,000       2',
      'killed',
    ],
  );
});

test('no line of a table is longer than the width, whatever its cells have', () => {
  const long = 'x'.repeat(200);
  for (const width of [40, 60, 80, 120])
    for (const rows of [[['a b c', long, '1']], [['one two three four five six seven', 'a', long]]])
      for (const line of withColumns(width, ['first', 'second', 'third'], rows).split('\n'))
        ok(line.length <= width, line);
});

test('rows that no breaking between words makes fit are drawn one below the other', () => {
  const uuid = '00000000-0000-4000-8000-000000000001';
  strictEqual(
    withColumns(50, ['user_id', 'event_id', 'empty'], [[uuid, uuid, '']]),
    `user_id   ${uuid}\nevent_id  ${uuid}`,
  );
});

test('a verdict is coloured where the output shows colours, and a coloured cell takes no more room', () => {
  delete process.env['NO_COLOR'];
  process.env['FORCE_COLOR'] = '1';
  strictEqual(verdict(true, 'agrees'), '\u001b[32magrees\u001b[39m');
  strictEqual(verdict(false, 'WRONG'), '\u001b[31mWRONG\u001b[39m');
  const drawn = withColumns(80, ['one', 'other'], [[verdict(true, 'agrees'), '1']]);
  strictEqual(drawn.split('\n')[1], '──────  ─────');
  delete process.env['FORCE_COLOR'];
  process.env['NO_COLOR'] = '1';
  strictEqual(verdict(true, 'agrees'), 'agrees');
});

test('a time is written in ISO 8601, and none as “none”', () => {
  deepStrictEqual([isoTime(0), isoTime(null)], ['1970-01-01T00:00:00.000Z', 'none']);
});
