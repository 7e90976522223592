import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import { type ListingForm, printListing } from '../../../../cli/output/listing.ts';

const rows = [
  { offset: 2n ** 60n, at: new Date(0), key: Buffer.of(0, 255), detail: 'a, "b"\nc', gone: null },
  { offset: 1n, at: new Date(1), key: null, detail: '=1+1\u001b[2J', gone: undefined },
];
const columns = ['offset', 'at', 'key', 'detail', 'gone'];

const printed = async (form: ListingForm, hidden: readonly string[] = []): Promise<string> => {
  const lines: string[] = [];
  const output = { print: (line: string) => void lines.push(line), tell() {}, progress() {} };
  await printListing(output, rows, { form, columns, hidden });
  return lines.join('\n');
};

test('JSON lines have long numbers as digits, times in ISO 8601 and bytes in hexadecimal', async () => {
  const [first = ''] = (await printed('json')).split('\n');
  deepStrictEqual(JSON.parse(first), {
    offset: '1152921504606846976',
    at: '1970-01-01T00:00:00.000Z',
    key: '0x00ff',
    detail: 'a, "b"\nc',
    gone: null,
  });
});

test('CSV has a head, quotes what holds a comma, a quote or a line break, and has no formula for a spreadsheet', async () => {
  deepStrictEqual(
    await printed('csv'),
    'offset,at,key,detail,gone\n' +
      '1152921504606846976,1970-01-01T00:00:00.000Z,0x00ff,"a, ""b""\nc",\n' +
      "1,1970-01-01T00:00:00.001Z,,'=1+1\u001b[2J,",
  );
});

test('CSV has numbers as they are, and an apostrophe before what only begins like one', async () => {
  const lines: string[] = [];
  const output = { print: (line: string) => void lines.push(line), tell() {}, progress() {} };
  const values = [-5, -(2n ** 63n), types.Long.fromNumber(-7), -0.25, '-1+1', '-', Number.NaN];
  const rowsOfValues = values.map((value) => ({ value }));
  await printListing(output, rowsOfValues, { form: 'csv', columns: ['value'] });
  const written = ['-5', '-9223372036854775808', '-7', '-0.25', "'-1+1", "'-", 'NaN'];
  deepStrictEqual(lines, ['value', ...written]);
});

test('a table shows control characters by their numbers, and leaves hidden columns out', async () => {
  const text = await printed('table', ['offset', 'at', 'key']);
  deepStrictEqual(
    text.split('\n').map((line) => line.trimEnd()),
    ['detail         gone', '─────────────  ────', 'a, "b"\\u000ac', '=1+1\\u001b[2J'],
  );
});
